"""Does ahead of time what would cost a visitor time: faces, catalogues, prompts and fixed lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import structlog

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.engines.llm import LLM
from visavis.engines.speech_cache import CachedTTS
from visavis.engines.tts import TTSOptions
from visavis.face.avatars import AvatarStore
from visavis.live.role import Role
from visavis.live.speak import utterances
from visavis.server.when_quiet import RECONSIDERED, DroppedError, while_quiet

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


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to have ready for a persona in a language; when one of a kind fails, the rest of it is left."""

    kind: Literal["prompts", "lines"]
    role: str
    language: Language
    work: Callable[[], Coroutine[Any, Any, Any]]


def chores(llm: LLM, tts: CachedTTS, roles: Iterable[Role]) -> list[Chore]:
    """The prompts that the LLM can read and the fixed lines that can be spoken before somebody needs them, the most
    urgent first: greetings, then persona by persona and language by language."""
    greetings: list[Chore] = []
    others: list[Chore] = []
    for role in roles:
        for language in role.languages:
            prompts = role.flow.warm_prompts(language)
            others.append(Chore("prompts", role.id, language, partial(llm.warm, prompts)))
            first = role.flow.greeting(language)
            for line in dict.fromkeys((first, *role.flow.fixed_lines(language))):
                options = TTSOptions(language, role.voices.get(language, ""))
                for piece in utterances(line, language):
                    speak = partial(tts.prewarm, [(piece.strip(), options)])
                    (greetings if line == first else others).append(Chore("lines", role.id, language, speak))
    return [*greetings, *others]


Present = Callable[[], Sequence[tuple[str, Language]]]
"""Gives the personas and languages of the conversations that are there."""


async def work_ahead(
    waiting: Iterable[Chore], quiet: Callable[[], bool], present: Present, *, rest: bool = True
) -> None:
    """Does the chores while it is quiet, and drops the one at hand when somebody starts to talk.

    What those who are present can use comes first, and the `rest` waits until nobody is there, for it takes the whole
    machine, or for ever. What fails shows when it is needed.
    """
    left = list(waiting)
    while left:
        here = present()
        chore = next((one for one in left if _useful(one, here, rest)), None)
        if chore is None:
            await asyncio.sleep(RECONSIDERED)
            continue
        try:
            await while_quiet(partial(_may_go_on, chore, quiet, present, rest), chore.work)
        except DroppedError:
            await asyncio.sleep(RECONSIDERED)
        except VisavisError as error:
            _log.warning("ahead.failed", kind=chore.kind, code=error.code, message=error.message)
            left = [one for one in left if one.kind != chore.kind]
        else:
            left.remove(chore)
    _log.info("ahead.done")


def _useful(chore: Chore, here: Sequence[tuple[str, Language]], rest: bool) -> bool:
    return (chore.role, chore.language) in here or (rest and not here)


def _may_go_on(chore: Chore, quiet: Callable[[], bool], present: Present, rest: bool) -> bool:
    return quiet() and _useful(chore, present(), rest)
