"""From a flow's answer to words: fixed lines as they are, generated ones as they come."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from visavis.core.ending import Ending
from visavis.core.errors import VisavisError
from visavis.core.flow import Answer, Generate, Interpreter, Say, Show, Tell
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
    What the flow wants checked is held back until it is whole.
    """
    answer = await plan()
    for step in answer.steps:
        if isinstance(step, Say):
            yield Line(step.text)
        elif isinstance(step, Tell):
            yield Delta(step.text)
            yield Pause()
        elif isinstance(step, Show):
            yield step
        elif step.interpreter is not None:
            async for thought in _interpreted(step, step.interpreter(), llm, stopwatch, report):
                yield thought
        else:
            async for thought in _generate(step, llm, stopwatch, report):
                yield thought


async def _interpreted(
    step: Generate,
    interpreter: Interpreter,
    llm: LLM,
    stopwatch: Stopwatch,
    report: Callable[[VisavisError], None],
) -> AsyncGenerator[Thought, None]:
    """What the interpreter makes of the model's text, as it comes."""
    said = False
    try:
        async with aclosing(_stream(step, llm, stopwatch)) as stream:
            async for text in stream:
                for piece in interpreter.feed(text):
                    said = said or not isinstance(piece, Show)
                    yield _thought(piece)
                if interpreter.done:
                    break
        for piece in interpreter.finish():
            yield _thought(piece)
    except VisavisError as error:
        if not said and not step.fallback:
            raise
        report(error)
        if not said:
            yield Line(step.fallback)
    yield Pause()


def _thought(piece: str | Say | Show) -> Thought:
    if isinstance(piece, str):
        return Delta(piece)
    return Line(piece.text) if isinstance(piece, Say) else piece


async def _generate(
    step: Generate, llm: LLM, stopwatch: Stopwatch, report: Callable[[VisavisError], None]
) -> AsyncGenerator[Thought, None]:
    checked = step.guard is not None or bool(step.forbidden)
    whole = ""
    try:
        async for text in _stream(step, llm, stopwatch):
            whole += text
            if not checked:
                yield Delta(text)
    except VisavisError as error:
        if not whole and not step.fallback:
            raise
        report(error)
        whole = "" if checked else whole
    if checked and step.accepts(whole):
        yield Delta(whole)
    elif (checked or not whole) and step.fallback:
        yield Line(step.fallback)
    yield Pause()


async def _stream(step: Generate, llm: LLM, stopwatch: Stopwatch) -> AsyncGenerator[str, None]:
    """The model's text up to where the step ends it."""
    ending = Ending(step.stop, step.sentences)
    options = LLMOptions(max_tokens=step.max_tokens, temperature=step.temperature, stop=ending.stop)
    tokens = 0
    stopwatch.mark("llm")
    try:
        async with aclosing(as_generator(llm.generate(step.messages, options))) as stream:
            async for delta in stream:
                if delta.text:
                    stopwatch.mark("first_token")
                    tokens += 1
                tokens = delta.completion_tokens or tokens
                if text := ending.feed(delta.text):
                    yield text
                if ending.done:
                    break
    finally:
        stopwatch.mark("llm_end")
        stopwatch.tokens = (stopwatch.tokens or 0) + tokens
    if rest := ending.finish():
        yield rest
