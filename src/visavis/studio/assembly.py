"""Has the pieces of a video made, as many at once as there are processes, and joins them with the voice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visavis.core.speech import Word
from visavis.face.rig import BUILD
from visavis.studio.captions import CaptionLine, caption_lines
from visavis.studio.run import Run, request_of
from visavis.studio.segments import Caption, Order
from visavis.studio.sound import read_sound
from visavis.studio.state import AvatarState
from visavis.studio.video import join

Told = Callable[[int, str], None]
"""Takes the number of pictures done and the id of a preview, "" for none."""


@dataclass(frozen=True, slots=True)
class Made:
    """The ids of the pieces in order, and what it took to make those that were not there yet."""

    segments: list[str]
    pictures: int
    seconds: float

    def rate(self) -> dict[str, float]:
        """Pictures made, seconds of one process, pictures a second."""
        rate = self.pictures / self.seconds if self.seconds else 0.0
        return {"pictures": self.pictures, "seconds": round(self.seconds, 3), "fps": round(rate, 1)}


async def make_all(run: Run, orders: Sequence[Order], portrait_hash: str, on_made: Told) -> Made:
    """Has all orders fulfilled; one that was fulfilled before is not begun. Raises VisavisError as the drawing does."""
    done = dict.fromkeys(range(len(orders)), 0)

    async def one(number: int, order: Order) -> Mapping[str, Any]:
        def told(pictures: int, preview: str = "") -> None:
            done[number] = pictures
            on_made(sum(done.values()), preview)

        fields = order.model_dump(mode="json", exclude={"folder", "rig"})
        fields |= {"portrait": portrait_hash, "build": BUILD}
        key, shown = run.memo.key("segment", **fields), run.memo.key("preview", **fields)
        answer: Mapping[str, Any] = {"segment": run.memo.get(key), "pictures": 0, "seconds": 0.0}

        def keep(drawn: Mapping[str, Any]) -> None:
            nonlocal answer
            answer = drawn
            run.memo.put(key, drawn["segment"])  # first: a server that is killed here has lost a preview, not a piece
            run.memo.put(shown, drawn["preview"])

        if answer["segment"] is None:
            await run.tools.drawers.draw(order.model_dump(mode="json"), told, keep)
        told(order.last - order.first, run.memo.get(shown) or "")
        return answer

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(number, order)) for number, order in enumerate(orders)]
    except* Exception as failures:
        raise failures.exceptions[0] from None
    answers = [task.result() for task in tasks]
    return Made(
        [one["segment"] for one in answers],
        sum(one["pictures"] for one in answers),
        sum(one["seconds"] for one in answers),
    )


def join_all(run: Run, state: AvatarState, segments: Sequence[str]) -> str:
    """The id of the video of these pieces with its voice. Blocking."""
    artifacts, container = run.tools.artifacts, request_of(state).options.container
    voice = read_sound(artifacts.path(state["voice"]))
    paths = [artifacts.path(name) for name in segments]
    return artifacts.make(container, lambda path: join(path, paths, voice, container=container))


def lines_of(words: Sequence[Mapping[str, Any]], state: AvatarState) -> tuple[CaptionLine, ...]:
    """The captions of the words of a timeline artifact."""
    return caption_lines([Word(**word) for word in words], state["language"])


def burned_in(lines: Sequence[CaptionLine], fps: int) -> tuple[Caption, ...]:
    """The lines with the pictures that show them."""
    return tuple(Caption(text=line.text, first=round(line.start * fps), last=round(line.end * fps)) for line in lines)
