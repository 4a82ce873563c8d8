"""The documents that a persona answers from: when to look something up, and how the model is asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict

from visavis.core.conversation import Conversation, Message
from visavis.core.errors import VisavisError
from visavis.core.flow import Generate, Say, Show, Step, Tell, Utterance
from visavis.core.language import LANGUAGES, Language
from visavis.core.passage import Passage, Retriever
from visavis.core.wording import content, tokens
from visavis.personas.citing import Citing, Piece
from visavis.personas.grounds import Grounds
from visavis.personas.notes import Note, Notes
from visavis.personas.questions import asks_for_facts, follows_up, small_talk
from visavis.personas.quotation import HAN, harmless
from visavis.personas.quoting import quote, spoken_title

SENTENCES: Final = 2
MAX_TOKENS: Final = 90
TEMPERATURE: Final = 0.1
NAMED: Final = 120
"""Characters of titles: more would cost every transcript time, and change words that were heard well."""


class KnowledgeShot(BaseModel):
    """One example for the language model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notes: str
    question: str
    answer: str


class KnowledgeScript(BaseModel):
    """What a persona with documents says and is told in one language. `unknown` is a fixed line, and so are `abroad`,
    by the language of the document that holds the answer. `quoting` leads to a quotation from a document with a name,
    `quoting_some` from one without. `{name}`, `{notes}`, `{question}`, `{number}`, `{title}` and `{text}` stand for
    values; `declines` are regular expressions of answers that are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unknown: str
    abroad: dict[str, str]
    quoting: str
    quoting_some: str
    role: str
    rules: str
    turn: str
    note: str
    declines: tuple[str, ...]
    shots: tuple[KnowledgeShot, ...]

    @classmethod
    def load(cls, language: Language) -> KnowledgeScript:
        """The script that ships with visavis."""
        path = files("visavis.personas") / "data" / "knowledge" / f"{language}.toml"
        return cls.model_validate(tomllib.loads(path.read_text("utf-8")))


class Bookshelf:
    """One persona's collections of documents, and how it uses them. Without any document nothing is looked up.

    A model that reads well answers from all that was found. One that does not has the documents speak for themselves:
    what is sure to hold the answer is quoted, what is not is as good as not found, and only a document in another
    language is given to the model, which has to translate; what it mixes up is not said.
    """

    def __init__(
        self, retriever: Retriever | None, collections: Sequence[str], name: str, *, quotes: bool = False
    ) -> None:
        """`name` is the persona's; with `quotes` documents speak for themselves."""
        self._retriever = retriever if collections else None
        self._collections = tuple(collections)
        self._name = name
        self._quotes = quotes
        self._scripts = {language: KnowledgeScript.load(language) for language in LANGUAGES}
        self._declines = {
            language: re.compile("|".join(script.declines), re.IGNORECASE) for language, script in self._scripts.items()
        }

    @property
    def open(self) -> bool:
        """Whether there is anything in it."""
        return self._retriever is not None and self._retriever.knows(self._collections)

    def names(self, language: Language) -> str:
        """What the documents are called, as far as it is written as `language` is, for whoever transcribes the person:
        "" without documents, and at most `NAMED` characters."""
        if self._retriever is None:
            return ""
        chosen: list[str] = []
        for title in self._retriever.titles(self._collections):
            name = harmless(title)
            name = name if " " in name else re.sub(r"[-_]+", " ", name)  # a file's name
            if bool(HAN.search(name)) != (language == "zh") or not any(mark.isalpha() for mark in name):
                continue
            if sum(map(len, chosen)) + 2 * len(chosen) + len(name) < NAMED:
                chosen.append(name)
        joint, end = ("、", "。") if language == "zh" else (", ", ".")
        return joint.join(chosen) + end if chosen else ""

    def unknown(self, language: Language) -> str:
        """The fixed line for what the documents do not say."""
        return self._scripts[language].unknown

    def fixed_lines(self, language: Language) -> tuple[str, ...]:
        """The lines that she says where documents do not help: none without documents."""
        script = self._scripts[language]
        return (script.unknown, *script.abroad.values()) if self.open else ()

    def rules(self, language: Language) -> str:
        """What the model is told about notes."""
        return self._scripts[language].rules.strip()

    def role(self, language: Language) -> str:
        """The whole system prompt of a persona that has no instructions for answering questions."""
        return f"{self._scripts[language].role.format(name=self._name)}\n{self.rules(language)}"

    def wonders(self, utterance: Utterance) -> bool:
        """Whether the person asks for something that only the documents could say."""
        return self.open and asks_for_facts(utterance.text)

    def preamble(self, language: Language, system: str) -> tuple[Message, ...]:
        """What every prompt with notes begins with: the system prompt and the examples."""
        script = self._scripts[language]
        messages = [Message("system", system)]
        for shot in script.shots:
            asked = script.turn.format(notes=shot.notes, question=shot.question)
            messages += [Message("user", asked), Message("assistant", shot.answer)]
        return tuple(messages)

    async def look_up(self, utterance: Utterance, conversation: Conversation) -> tuple[Passage, ...] | None:
        """What the documents say to this, best first: () when they say nothing, None when nothing is to be looked up.

        Cancellable. What was found for the utterance before is taken as it is. Raises VisavisError
        `knowledge.unavailable`.
        """
        if utterance.found is not None:
            return utterance.found
        if not self.open or self._retriever is None or small_talk(utterance.text):
            return None
        query = _query(utterance.text, conversation)
        if not content(query):
            return None
        return await self._retriever.retrieve(query, self._collections)

    async def look_up_or_not(self, utterance: Utterance, conversation: Conversation) -> tuple[Passage, ...] | None:
        """The same; documents that cannot be searched are as if there were none."""
        try:
            return await self.look_up(utterance, conversation)
        except VisavisError:
            return None

    def answer(
        self,
        utterance: Utterance,
        passages: Sequence[Passage],
        *,
        system: str,
        fallback: str,
        recent: Sequence[Message] = (),
        forbidden: Collection[str] = (),
    ) -> tuple[Step, ...]:
        """Answers from these passages: in their own words, or the model's; () when nothing of them helps.

        `system` is the system prompt, `recent` the messages before, of which a follow-up gets the last two; `fallback`
        is said when the model fails.
        """
        language = utterance.language
        if self._quotes:
            passages = [one for one in passages if one.sure]
        notes = Notes.about(utterance.text, passages)
        if not notes.notes:
            return ()
        script = self._scripts[language]
        before = tuple(recent[-2:]) if follows_up(utterance.text) else ()
        question = " ".join([utterance.text, *(message.text for message in before)])
        grounds = Grounds(
            question,
            notes,
            language,
            told=system,
            declines=self._declines[language],
            forbidden=forbidden,
            strict=self._quotes,
        )
        quotation = self._quotation(utterance, before, notes, grounds)
        if self._quotes and quotation:
            return quotation
        resort = self._resort(language, notes, quotation)
        turn = script.turn.format(notes=notes.lines(script.note), question=" ".join(utterance.text.split())[:400])
        answer = Generate(
            messages=(*self.preamble(language, system), *before, Message("user", turn)),
            max_tokens=MAX_TOKENS,
            temperature=TEMPERATURE,
            stop=("\n",),
            sentences=SENTENCES,
            fallback=fallback,
            interpreter=lambda: Citing(notes, grounds, resort),
        )
        return (answer,)

    def _quotation(
        self, utterance: Utterance, before: Sequence[Message], notes: Notes, grounds: Grounds
    ) -> tuple[Show | Tell, ...]:
        """The first of the notes that may be quoted in answer, with its citation; () when there is none."""
        script = self._scripts[utterance.language]
        question = " ".join([utterance.text, *(message.text for message in before if message.role == "user")])
        for note in notes.notes:
            if note.passage.sure and note.passage.language == utterance.language:
                words = quote(question, note, grounds)
                if words:
                    name = spoken_title(note, grounds)
                    lead = script.quoting.format(title=name) if name else script.quoting_some
                    return (_shown(note), Tell(lead + words))
        return ()

    def _resort(self, language: Language, notes: Notes, quotation: Sequence[Show | Tell]) -> tuple[Piece, ...]:
        """What is said when the model finds no answer in the notes: a quotation, that another language has it, or that
        there is none."""
        if quotation:
            return tuple(one.text if isinstance(one, Tell) else one for one in quotation)
        script = self._scripts[language]
        for note in notes.notes:
            line = script.abroad.get(note.passage.language)
            if note.passage.sure and line is not None:
                return (_shown(note), Say(line))
        return (Say(script.unknown),)


def _shown(note: Note) -> Show:
    return Show("citations", {"citations": [note.citation()]})


def _query(text: str, conversation: Conversation) -> str:
    """What to look for: the person's words, with their last question before them when these only follow it up."""
    before = next((one.text for one in reversed(conversation.messages) if one.role == "user"), "")
    if before and follows_up(text) and len(tokens(before)) < 60:
        return f"{before} {text}"
    return text
