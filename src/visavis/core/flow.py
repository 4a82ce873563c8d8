"""What a persona decides to say next, as data: the contract between `live` and `personas`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from visavis.core.conversation import Conversation, Message
from visavis.core.language import Language
from visavis.core.passage import Passage


@dataclass(frozen=True, slots=True)
class Say:
    """A fixed line: spoken word for word, its audio cached by text, voice and model."""

    text: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Words that are known beforehand and said once, such as a quotation: spoken clause by clause, never cached."""

    text: str


class Interpreter(Protocol):
    """Makes of a model's text what is said and shown. One answer each; no side effects, every call returns at once."""

    @property
    def done(self) -> bool:
        """Whether the answer is over, and the model may stop."""
        ...

    def feed(self, text: str) -> Sequence[str | Say | Show]:
        """Takes more of the model's text; returns what is now to be said, as words or fixed lines, and shown."""
        ...

    def finish(self) -> Sequence[str | Say | Show]:
        """The model has ended: returns the rest."""
        ...


@dataclass(frozen=True, slots=True)
class Generate:
    """Let the LLM speak: the whole prompt, oldest message first, and its limits.

    `stop` ends the generation (the stop string is kept when it ends a sentence); `fallback` is said when the LLM
    fails or says nothing. `sentences` > 0 ends the answer after that many sentences.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 80
    temperature: float = 0.2
    stop: tuple[str, ...] = ()
    sentences: int = 0
    fallback: str = ""
    forbidden: tuple[str, ...] = ()
    """Strings that may never be spoken (course names): an answer that holds one is replaced by `fallback`."""
    guard: Callable[[str], bool] | None = None
    """A pure check of the whole answer. With a guard or forbidden strings nothing is spoken before the answer is
    complete and `accepts` it; else `fallback` is said instead."""
    interpreter: Callable[[], Interpreter] | None = None
    """Makes the reader of the model's text: what it gives is said and shown, and nothing else. Without a guard and
    forbidden strings beside it."""

    def accepts(self, text: str) -> bool:
        """Whether a complete answer may be spoken: not empty, free of forbidden strings, and past the guard."""
        folded = text.casefold()
        if not folded.strip() or any(word.casefold() in folded for word in self.forbidden):
            return False
        return self.guard is None or self.guard(text)


@dataclass(frozen=True, slots=True)
class Show:
    """Something for the page: sent as the event `visavis.<name>` with this JSON payload."""

    name: Literal["recommendations", "profile", "citations", "emotion"]
    payload: Mapping[str, Any]


Step = Say | Tell | Generate | Show


@dataclass(frozen=True, slots=True)
class Answer:
    """The steps of one answer, in order, and the flow's state after it. Take `state` over only if the turn stands."""

    steps: tuple[Step, ...]
    state: object


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the person said: `text`, its `language`, and whether it was spoken or typed. `found` is what was looked up
    for it ahead of time: () when nothing is known, None when it was not looked up."""

    text: str
    language: Language
    spoken: bool = True
    found: tuple[Passage, ...] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Flow(Protocol):
    """Decides what to say next. State is an immutable value that the session keeps: a flow itself holds none, so a
    turn can be planned speculatively and thrown away."""

    def start(self) -> object:
        """The state of a new conversation."""
        ...

    def greeting(self, language: Language) -> str:
        """The fixed first line."""
        ...

    def fixed_lines(self, language: Language) -> tuple[str, ...]:
        """All lines that `Say` may hold in this language, so that their audio can be cached beforehand."""
        ...

    def warm_prompts(self, language: Language) -> tuple[tuple[Message, ...], ...]:
        """Prompt prefixes worth keeping in the LLM's cache."""
        ...

    async def respond(self, state: object, utterance: Utterance, conversation: Conversation) -> Answer:
        """Plans the answer to `utterance`; `conversation` does not hold it yet. Cancellable, no side effects."""
        ...
