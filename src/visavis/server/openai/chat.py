"""`POST /v1/chat/completions`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.core.flow import Show
from visavis.engines.llm import LLM, LLMDelta, LLMOptions
from visavis.live.prefetch import as_generator
from visavis.server.openai.caller import EVENTS, Stream, event, while_there
from visavis.server.openai.chat_body import ChatBody
from visavis.server.openai.chat_view import ChatReply, CompletionView
from visavis.server.openai.engines import EngineHouse, house_of
from visavis.server.openai.gates import Gate
from visavis.server.openai.persona_answer import PersonaChat
from visavis.server.openai.pump import Pump
from visavis.server.problems import error_body

router = APIRouter(tags=["openai"])

Piece = LLMDelta | Show

_EXTRA: Final = 64
"""Pieces of an answer that are no tokens: what a persona shows, ends, lines of its own."""
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": CompletionView, "content": {EVENTS: {"schema": {"type": "string"}}}}
}


@router.post("/v1/chat/completions", response_model=None, responses=_ANSWERS)
async def chat_completions(request: Request, body: ChatBody) -> Response:
    """Answers a chat as the language model, or as the persona that `model` names; whole, or streamed as it is made.
    JSON schemas, tools, `n`, `stop`, `seed` and usage as OpenAI's."""
    house = house_of(request)
    pump, reply = _asked(house, body)
    if not body.stream:
        async with aclosing(pump):
            return JSONResponse(await while_there(request, _whole(pump, reply)))
    try:
        first = await while_there(request, anext(pump))
    except BaseException:
        await pump.aclose()
        raise
    return Stream(_chunks(pump, reply, first, usage=body.wants_usage), EVENTS, house.settings.api)


def _asked(house: EngineHouse, body: ChatBody) -> tuple[Pump[Piece], ChatReply]:
    """The answers under way, and what gathers them. Raises what is wrong with the request."""
    llm, prompt = house.resources.engines.llm, body.prompt()
    options = body.options(min(house.settings.api.max_tokens, llm.capabilities.context))
    _require_able(llm, options)
    role = house.roles.get(body.model or "")
    count = body.n or 1
    gate, streams = house.gates.chat, []
    for _ in range(count):
        if role is None:
            answer = _model_answer(llm, prompt, options)
        else:
            answer = PersonaChat(role, llm, house.resources.detect_language).answer(prompt, options, body.wishes)
        streams.append(_admitted(gate, answer))
    limit = count * (2 * options.max_tokens + _EXTRA)
    return Pump(streams, limit, gate.visit()), ChatReply(role.id if role else llm.model, count)


async def _admitted(gate: Gate, answer: AsyncGenerator[Piece, None]) -> AsyncGenerator[Piece, None]:
    """The same, begun when there is a place."""
    async with aclosing(answer), gate.place():
        async for piece in answer:
            yield piece


async def _model_answer(llm: LLM, prompt: Sequence[Message], options: LLMOptions) -> AsyncGenerator[Piece, None]:
    async with aclosing(as_generator(llm.generate(prompt, options))) as stream:
        async for delta in stream:
            yield delta


async def _whole(pump: Pump[Piece], reply: ChatReply) -> Any:
    async for index, piece in pump:
        reply.take(index, piece)
    return reply.whole()


async def _chunks(
    pump: Pump[Piece], reply: ChatReply, first: tuple[int, Piece], *, usage: bool
) -> AsyncGenerator[bytes, None]:
    async with aclosing(pump):
        try:
            for chunk in reply.take(*first):
                yield event(chunk)
            async for index, piece in pump:
                for chunk in reply.take(index, piece):
                    yield event(chunk)
            if usage:
                yield event(reply.last())
            yield b"data: [DONE]\n\n"
        except VisavisError as error:
            yield event(error_body(error.code, error.message))


def _require_able(llm: LLM, options: LLMOptions) -> None:
    able = llm.capabilities
    if options.tools and options.json_schema is not None:
        raise VisavisError("chat.unsupported", "`tools` and a JSON `response_format` exclude each other; send one.")
    if options.tools and not able.tools:
        raise VisavisError("chat.unsupported", f"The model '{llm.model}' calls no tools; leave `tools` out.")
    if options.json_schema is not None and not able.json_schema:
        raise VisavisError("chat.unsupported", f"The model '{llm.model}' keeps to no JSON schema; ask it in words.")
