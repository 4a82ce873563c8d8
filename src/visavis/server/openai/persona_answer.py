"""A persona's answer to a written chat: its own rules and knowledge, in the words its flow chooses."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

from visavis.core.conversation import Conversation, Message
from visavis.core.errors import VisavisError
from visavis.core.flow import Flow, Show, Utterance
from visavis.core.language import Language
from visavis.engines.llm import LLM, LLMCapabilities, LLMDelta, LLMOptions
from visavis.live.prefetch import as_generator
from visavis.live.role import Role
from visavis.live.stopwatch import Stopwatch
from visavis.live.think import Delta, Line, Pause, think

_REMEMBERED: Final = 64
"""Messages of a chat that a persona looks back on."""

Detect = Callable[[str, Language], Language]


class _Wished:
    """The LLM with the caller's wishes in place of the flow's, which keeps the usage of what it makes."""

    def __init__(self, llm: LLM, wishes: LLMOptions, given: frozenset[str]) -> None:
        self._llm, self._wishes, self._given = llm, wishes, given
        self.usage = LLMDelta("", finish="stop", prompt_tokens=0, cached_tokens=0, completion_tokens=0)

    @property
    def capabilities(self) -> LLMCapabilities:
        """As the engine's."""
        return self._llm.capabilities

    @property
    def model(self) -> str:
        """As the engine's."""
        return self._llm.model

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """As the engine does."""
        wishes = {name: getattr(self._wishes, name) for name in self._given}
        options = replace(options, **{**wishes, "max_tokens": min(options.max_tokens, self._wishes.max_tokens)})
        made, last = 0, LLMDelta("")
        try:
            async with aclosing(as_generator(self._llm.generate(messages, options))) as stream:
                async for delta in stream:
                    made += bool(delta.text)
                    last = delta
                    yield delta
        finally:
            self._count(last, made)

    def _count(self, last: LLMDelta, made: int) -> None:
        self.usage = replace(
            self.usage,
            finish="length" if last.finish == "length" else "stop",
            prompt_tokens=(self.usage.prompt_tokens or 0) + (last.prompt_tokens or 0),
            cached_tokens=(self.usage.cached_tokens or 0) + (last.cached_tokens or 0),
            completion_tokens=(self.usage.completion_tokens or 0) + (last.completion_tokens or made),
        )

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """The server has done that."""

    async def aclose(self) -> None:
        """The engine is the server's, and stays."""


@dataclass(frozen=True, slots=True)
class PersonaChat:
    """Who answers, with which engine. `detect` names the language of what was written."""

    role: Role
    llm: LLM
    detect: Detect

    async def answer(
        self, messages: Sequence[Message], wishes: LLMOptions, given: frozenset[str]
    ) -> AsyncGenerator[LLMDelta | Show, None]:
        """Streams the answer to the last message, the flow's state built up from those before it.

        Of `wishes` those named in `given` count, and the limit on tokens. System messages of the caller are left out: a
        persona has its own. Raises VisavisError `chat.persona` for what personas do not do, `chat.messages`, and what
        flow and engine raise.
        """
        _require_plain(messages, wishes)
        history = [message for message in messages if message.role != "system"][-_REMEMBERED:]
        if not history or history[-1].role != "user" or not history[-1].text.strip():
            raise VisavisError("chat.messages", "A persona answers a message of the user: send one as the last.")
        flow, language = self.role.flow, self.role.languages[0]
        state, conversation = flow.start(), Conversation()
        for message in history[:-1]:
            if message.role == "user":
                language = self._language(message.text, language)
                state = await _replayed(flow, state, Utterance(message.text, language, spoken=False), conversation)
            conversation = conversation.add(message)
        language = self._language(history[-1].text, language)
        said = Utterance(history[-1].text, language, spoken=False)
        wished = _Wished(self.llm, wishes, given)
        stopwatch = Stopwatch(secrets.token_hex(4), asyncio.get_running_loop().time())
        thoughts = think(lambda: flow.respond(state, said, conversation), wished, stopwatch, lambda error: None)
        gap, begun = "", False
        async with aclosing(thoughts):
            async for thought in thoughts:
                if isinstance(thought, Show):
                    yield thought
                elif isinstance(thought, Line | Delta):
                    text = gap + thought.text if gap and not thought.text[:1].isspace() else thought.text
                    begun, gap = begun or bool(text), ""
                    yield LLMDelta(text)
                if isinstance(thought, Line | Pause):
                    gap = " " if begun and language != "zh" else ""
        yield wished.usage

    def _language(self, text: str, current: Language) -> Language:
        found = self.detect(text, current)
        return found if found in self.role.languages else current


async def _replayed(flow: Flow, state: object, utterance: Utterance, conversation: Conversation) -> object:
    """The flow's state after one more message; a flow that keeps none is not asked."""
    if state is None:
        return None
    answer = await flow.respond(state, utterance, conversation)
    await asyncio.sleep(0)
    return answer.state


def _require_plain(messages: Sequence[Message], wishes: LLMOptions) -> None:
    if wishes.tools or wishes.json_schema is not None or any(one.role == "tool" or one.calls for one in messages):
        raise VisavisError(
            "chat.persona", "Personas answer in words: for tools and JSON, name the language model as the `model`."
        )
