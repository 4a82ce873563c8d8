"""Does ahead of time what would cost a conversation time: prompts are read and fixed lines spoken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator

import structlog

from visavis.core.errors import VisavisError
from visavis.engines.llm import LLM
from visavis.engines.speech_cache import CachedTTS
from visavis.engines.tts import TTSOptions
from visavis.live.role import Role
from visavis.live.speak import utterances

_log = structlog.get_logger(__name__)


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


async def read_ahead(llm: LLM, role: Role) -> None:
    """Has the LLM read the persona's prompts, its first language first; a failing LLM shows when it is needed."""
    for language in role.languages:
        try:
            await llm.warm(role.flow.warm_prompts(language))
        except VisavisError as error:
            _log.warning("prompts.failed", code=error.code, message=error.message)
            return
    _log.info("prompts.ready", persona=role.id)


async def speak_ahead(tts: CachedTTS, roles: Iterable[Role], busy: Callable[[], bool]) -> None:
    """Fills the cache, one line after the other, and only while `busy` says no; gives up when the voice fails."""
    spoken = 0
    for line in fixed_lines(roles):
        while busy():  # noqa: ASYNC110 - nothing tells when the last one leaves
            await asyncio.sleep(1.0)
        try:
            spoken += await tts.prewarm([line])
        except VisavisError as error:
            _log.warning("lines.failed", code=error.code, message=error.message)
            return
    _log.info("lines.ready", spoken=spoken)
