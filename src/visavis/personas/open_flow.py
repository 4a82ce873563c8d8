"""Plain conversation: the language model answers as the persona's instructions tell it to."""

from __future__ import annotations

from collections.abc import Mapping

from visavis.core.conversation import Conversation, Message
from visavis.core.flow import Answer, Generate, Utterance
from visavis.core.language import Language


class OpenFlow:
    """The flow `open`: the whole conversation goes to the model, with a limit on messages, tokens and sentences."""

    def __init__(
        self,
        instructions: Mapping[Language, str],
        greeting: Mapping[Language, str],
        apology: Mapping[Language, str],
        *,
        max_tokens: int = 120,
        temperature: float = 0.7,
        sentences: int = 3,
        history: int = 12,
    ) -> None:
        """`apology` is said when the model fails; `history` is the number of messages it is shown."""
        self._instructions = instructions
        self._greeting = greeting
        self._apology = apology
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._sentences = sentences
        self._history = history

    def start(self) -> object:
        """It keeps no state."""
        return None

    def greeting(self, language: Language) -> str:
        """The fixed first line."""
        return self._greeting[language]

    def fixed_lines(self, language: Language) -> tuple[str, ...]:
        """The greeting and the apology."""
        return (self._greeting[language], self._apology[language])

    def warm_prompts(self, language: Language) -> tuple[tuple[Message, ...], ...]:
        """The instructions."""
        return ((Message("system", self._instructions[language]),),)

    async def respond(self, state: object, utterance: Utterance, conversation: Conversation) -> Answer:
        """Has the model answer in the language of the utterance."""
        recent = [message for message in conversation.messages if message.role != "system"][-self._history :]
        system = Message("system", self._instructions[utterance.language])
        return Answer(
            (
                Generate(
                    messages=(system, *recent, Message("user", utterance.text)),
                    max_tokens=self._max_tokens,
                    temperature=self._temperature,
                    sentences=self._sentences,
                    fallback=self._apology[utterance.language],
                ),
            ),
            state,
        )
