"""From a flow's answer to words: fixed lines as they are, generated ones as they come."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from visavis.core.errors import VisavisError
from visavis.core.flow import Answer, Generate, Say, Show
from visavis.core.guard import Guard
from visavis.engines.llm import LLM, LLMOptions
from visavis.live.prefetch import as_generator
from visavis.live.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class Line:
    """A whole fixed line."""

    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """More of a generated passage."""

    text: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The generated passage has ended: say what is left of it."""


Thought = Line | Delta | Pause | Show


async def think(
    plan: Callable[[], Awaitable[Answer]],
    llm: LLM,
    stopwatch: Stopwatch,
    report: Callable[[VisavisError], None],
) -> AsyncGenerator[Thought, None]:
    """The words of an answer, in order.

    A failing LLM is told to `report` and covered by the step's fallback line; without one its VisavisError is raised.
    """
    answer = await plan()
    for step in answer.steps:
        if isinstance(step, Say):
            yield Line(step.text)
        elif isinstance(step, Show):
            yield step
        else:
            async for thought in _generate(step, llm, stopwatch, report):
                yield thought


async def _generate(
    step: Generate, llm: LLM, stopwatch: Stopwatch, report: Callable[[VisavisError], None]
) -> AsyncGenerator[Thought, None]:
    guard = Guard(step)
    options = LLMOptions(max_tokens=step.max_tokens, temperature=step.temperature, stop=guard.model_stop)
    said, deltas = False, 0
    stopwatch.mark("llm")
    try:
        async with aclosing(as_generator(llm.generate(step.messages, options))) as stream:
            async for delta in stream:
                if delta.text:
                    stopwatch.mark("first_token")
                    deltas += 1
                if delta.completion_tokens is not None:
                    deltas = delta.completion_tokens
                if text := guard.feed(delta.text):
                    said = True
                    yield Delta(text)
                if guard.done:
                    break
    except VisavisError as error:
        if not said and not step.fallback:
            raise
        report(error)
    stopwatch.mark("llm_end")
    stopwatch.tokens = (stopwatch.tokens or 0) + deltas
    if rest := guard.finish():
        said = True
        yield Delta(rest)
    yield Pause()
    if step.fallback and (guard.tripped or not said):
        yield Line(step.fallback)
