"""Plain conversation: the language model answers as the persona's instructions tell it to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from visavis.core.conversation import Conversation, Message
from visavis.core.flow import Answer, Generate, Say, Utterance
from visavis.core.language import Language
from visavis.core.passage import Passage
from visavis.personas.bookshelf import Bookshelf
from visavis.personas.returning import WELCOME_BACK
from visavis.personas.untrusted import without_orders


class OpenFlow:
    """The flow `open`: the whole conversation goes to the model, with a limit on messages, tokens and sentences. With
    documents on its shelf it answers what they say from them, and says so when they do not."""

    def __init__(
        self,
        instructions: Mapping[Language, str],
        greeting: Mapping[Language, str],
        apology: Mapping[Language, str],
        shelf: Bookshelf,
        *,
        welcome_back: Mapping[Language, str] = WELCOME_BACK,
        max_tokens: int = 120,
        temperature: float = 0.7,
        sentences: int = 3,
        history: int = 12,
    ) -> None:
        """`apology` is said when the model fails; `history` is the number of messages it is shown."""
        self._instructions = instructions
        self._greeting = greeting
        self._apology = apology
        self._welcome_back = welcome_back
        self._shelf = shelf
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
        """The greeting, the apology, and what is said when the documents hold no answer."""
        lines = self._shelf.fixed_lines(language)
        return (self._greeting[language], self._apology[language], *lines, self._welcome_back[language])

    def facts(self, state: object) -> Mapping[str, str]:
        """None: what it knows is in the messages."""
        return {}

    def recall(self, facts: Mapping[str, str]) -> object:
        """As every conversation starts."""
        return self.start()

    def welcome_back(self, state: object, language: Language) -> tuple[str, ...]:
        """The fixed line for somebody who returns."""
        return (self._welcome_back[language],)

    def warm_prompts(self, language: Language) -> tuple[tuple[Message, ...], ...]:
        """The instructions, and with documents what every question to them begins with."""
        system = self._system(language)
        answering = (self._shelf.preamble(language, system),) if self._shelf.open else ()
        return ((Message("system", system),), *answering)

    def names(self, language: Language) -> str:
        """What its documents are called, for whoever transcribes the person."""
        return self._shelf.names(language)

    async def look_up(self, utterance: Utterance, conversation: Conversation) -> tuple[Passage, ...] | None:
        """What its documents say to this. Raises VisavisError `knowledge.unavailable`."""
        return await self._shelf.look_up(utterance, conversation)

    async def respond(self, state: object, utterance: Utterance, conversation: Conversation) -> Answer:
        """Has the model answer in the language of the utterance, which is not shown what orders it about."""
        utterance = replace(utterance, text=without_orders(utterance.text))
        if not utterance.text.strip():
            return Answer((Say(self._apology[utterance.language]),), state)
        recent = [_harmless(message) for message in conversation.messages if message.role != "system"][-self._history :]
        passages = await self._shelf.look_up_or_not(utterance, conversation)
        system = Message("system", self._system(utterance.language))
        if passages:
            grounded = self._shelf.answer(
                utterance,
                passages,
                system=system.text,
                fallback=self._apology[utterance.language],
                recent=recent,
            )
            if grounded:
                return Answer(grounded, state)
        if self._shelf.wonders(utterance):
            return Answer((Say(self._shelf.unknown(utterance.language)),), state)
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

    def _system(self, language: Language) -> str:
        """The instructions, with the rules for notes while there are documents; the same every turn, so that the model
        reads it once."""
        instructions = self._instructions[language].strip()
        return f"{instructions}\n{self._shelf.rules(language)}" if self._shelf.open else self._instructions[language]


def _harmless(message: Message) -> Message:
    return replace(message, text=without_orders(message.text) or "…") if message.role == "user" else message
