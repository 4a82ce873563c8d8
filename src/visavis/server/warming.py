"""Does ahead of time what would cost a visitor time: faces, catalogues, prompts and fixed lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import structlog

from visavis.core.errors import VisavisError
from visavis.engines.llm import LLM
from visavis.engines.speech_cache import CachedTTS
from visavis.engines.tts import TTSOptions
from visavis.face.avatars import AvatarStore
from visavis.live.role import Role
from visavis.live.speak import utterances
from visavis.server.when_quiet import when_quiet

_log = structlog.get_logger(__name__)


async def draw_ahead(avatars: AvatarStore, ids: Iterable[str]) -> None:
    """Has the rigs of these avatars computed where they are not kept, off the event loop; whoever asks for one
    meanwhile waits for it. An avatar that cannot be drawn is left to the requests for it."""
    for avatar_id in dict.fromkeys(ids):
        try:
            await asyncio.to_thread(avatars.get, avatar_id)
        except VisavisError as error:
            _log.warning("avatar.failed", avatar=avatar_id, code=error.code, message=error.message)
        except Exception:
            _log.exception("avatar.failed", avatar=avatar_id)
        else:
            _log.info("avatar.ready", avatar=avatar_id)


def fixed_lines(roles: Iterable[Role]) -> Iterator[tuple[str, TTSOptions]]:
    """Every fixed line of these personas as it will be asked of the voice, greetings first."""
    roles = list(roles)
    for greeting in (True, False):
        for role in roles:
            for language in role.languages:
                first = role.flow.greeting(language)
                lines = [first] if greeting else [line for line in role.flow.fixed_lines(language) if line != first]
                options = TTSOptions(language, role.voices.get(language, ""))
                yield from ((piece.strip(), options) for line in lines for piece in utterances(line, language))


async def prepare_flows(roles: Iterable[Role]) -> None:
    """Has the flows compute what they can ahead of time; one that cannot does without."""
    for role in roles:
        warm = getattr(role.flow, "warm", None)
        if warm is None:
            continue
        try:
            await warm()
        except VisavisError as error:
            _log.warning("flow.failed", persona=role.id, code=error.code, message=error.message)


async def read_ahead(llm: LLM, roles: Iterable[Role], quiet: Callable[[], bool]) -> None:
    """Has the LLM read the personas' prompts, each one's first language first; a failing LLM shows when it is
    needed."""
    for role in roles:
        for language in role.languages:
            prompts = role.flow.warm_prompts(language)
            try:
                await when_quiet(quiet, partial(llm.warm, prompts))
            except VisavisError as error:
                _log.warning("prompts.failed", code=error.code, message=error.message)
                return
        _log.info("prompts.ready", persona=role.id)


async def speak_ahead(tts: CachedTTS, roles: Sequence[Role], quiet: Callable[[], bool]) -> None:
    """Fills the cache of fixed lines, one after the other; gives up when the voice fails."""
    for line in fixed_lines(roles):
        try:
            await when_quiet(quiet, partial(_prewarm, tts, line))
        except VisavisError as error:
            _log.warning("lines.failed", code=error.code, message=error.message)
            return
    _log.info("lines.ready")


async def _prewarm(tts: CachedTTS, line: tuple[str, TTSOptions]) -> None:
    await tts.prewarm([line])
