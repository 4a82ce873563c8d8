"""Genevieve's flow: collects goal, level and career by rules, has the model ask for what is missing, recommends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from visavis.core.conversation import Conversation, Message
from visavis.core.flow import Answer, Generate, Say, Show, Step, Utterance
from visavis.core.language import LANGUAGES, Language
from visavis.core.passage import Passage
from visavis.personas.bookshelf import Bookshelf
from visavis.personas.extraction import Extractor, Fact, Reading
from visavis.personas.guard import QuestionGuard
from visavis.personas.lexicon import Lexicon
from visavis.personas.recommend import Recommender, Wish, card
from visavis.personas.returning import WELCOME_BACK
from visavis.personas.script import Lines, Script, Shot

FACTS: Final[tuple[Fact, ...]] = ("goal", "level", "career")
HEARD_CHARACTERS: Final = 100
"""How much of what a person said the model is shown."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known, as ids of the lexicon, and the fact that was asked for last."""

    goal: str | None = None
    level: str | None = None
    career: str | None = None
    asked: Fact | None = None

    def missing(self) -> Fact | None:
        """The next fact to ask for."""
        return next((fact for fact in FACTS if getattr(self, fact) is None), None)


class Advisor:
    """The flow `advisor`. Only rules fill the profile, only fixed lines answer what is off topic, and what the model
    makes is spoken only when it is one question about the missing fact that names no course."""

    def __init__(
        self,
        instructions: Mapping[Language, str],
        greeting: Mapping[Language, str],
        recommender: Recommender,
        lexicon: Lexicon,
        scripts: Mapping[Language, Script],
        *,
        shelf: Bookshelf,
        welcome_back: Mapping[Language, str] = WELCOME_BACK,
        max_tokens: int = 80,
        temperature: float = 0.2,
    ) -> None:
        """`instructions` are the rules for the model; the greeting should ask for the goal. A question that the rules
        would turn away is answered from the documents on the `shelf`, if they hold it."""
        self._instructions = instructions
        self._greeting = greeting
        self._welcome_back = welcome_back
        self._max_tokens = max_tokens
        self._temperature = temperature
        self._recommender = recommender
        self._lexicon = lexicon
        self._extractor = Extractor(lexicon)
        self._scripts = scripts
        self._shelf = shelf
        titles = {course.title[language] for course in recommender.courses for language in LANGUAGES}
        self._titles = tuple(sorted(titles))

    async def warm(self) -> None:
        """Embeds the catalogue."""
        await self._recommender.warm()

    def start(self) -> object:
        """Nothing is known; the greeting asks for the goal."""
        return Profile(asked="goal")

    def greeting(self, language: Language) -> str:
        """The fixed first line."""
        return self._greeting[language]

    def fixed_lines(self, language: Language) -> tuple[str, ...]:
        """All that `Say` may hold, the lines that are needed soonest first."""
        script = self._scripts[language]
        lines = script.lines
        acks = [script.ack_of("goal", topic) for topic in script.label.topic]
        acks += [script.ack_of("level", level) for level in script.label.level]
        acks += [script.ack_of("career", career) for career in script.label.career]
        said = (
            self._greeting[language],
            lines.intro,
            lines.bridge,
            *script.question.values(),
            lines.off_topic,
            lines.help,
        )
        documents = self._shelf.fixed_lines(language)
        return tuple(
            dict.fromkeys((*said, *acks, lines.thanks, lines.unsupported, *documents, self._welcome_back[language]))
        )

    def facts(self, state: object) -> Mapping[str, str]:
        """What the profile holds, as ids of the lexicon."""
        return {fact: value for fact in FACTS if (value := getattr(state, fact, None))}

    def recall(self, facts: Mapping[str, str]) -> object:
        """The profile so far. Of one that was complete, courses were recommended: only the career stays true."""
        known = {fact: value for fact, value in facts.items() if fact in FACTS and self._names(fact, value)}
        if len(known) == len(FACTS):
            known = {"career": known["career"]}
        profile = Profile(known.get("goal"), known.get("level"), known.get("career"))
        return replace(profile, asked=profile.missing())

    def _names(self, fact: str, value: str) -> bool:
        label = next(iter(self._scripts.values())).label
        return value in {"goal": label.topic, "level": label.level, "career": label.career}[fact]

    def welcome_back(self, state: object, language: Language) -> tuple[str, ...]:
        """The fixed line for somebody who returns, and the question for what is still missing."""
        missing = state.missing() if isinstance(state, Profile) else "goal"
        return (self._welcome_back[language], self._scripts[language].question[missing or "goal"])

    def warm_prompts(self, language: Language) -> tuple[tuple[Message, ...], ...]:
        """The rules and examples that every prompt begins with, and those for answering from documents."""
        answering = (self._shelf.preamble(language, self._shelf.role(language)),) if self._shelf.open else ()
        return (self._preamble(language), *answering)

    def names(self, language: Language) -> str:
        """What her documents are called, for whoever transcribes the person."""
        return self._shelf.names(language)

    async def look_up(self, utterance: Utterance, conversation: Conversation) -> tuple[Passage, ...] | None:
        """What her documents say to this. Raises VisavisError `knowledge.unavailable`."""
        return await self._shelf.look_up(utterance, conversation)

    async def respond(self, state: object, utterance: Utterance, conversation: Conversation) -> Answer:
        """Plans the answer."""
        profile = state if isinstance(state, Profile) else Profile(asked="goal")
        script = self._scripts[utterance.language]
        reading = self._extractor.read(utterance.text, profile.asked)
        known = _merged(profile, reading)
        missing = known.missing()
        if missing is None:
            return await self._recommend(known, utterance.language)
        steps: list[Step] = []
        if reading.any:
            ack = _acknowledged(profile, known, script)
            steps = [*([Say(ack)] if ack else []), Show("profile", self._profile(known, utterance.language))]
        else:
            line = _fixed(profile, reading, script)
            turned_away = line in {script.lines.off_topic, script.lines.unsupported}
            if "inject" not in reading.signals and (turned_away or (line is None and self._shelf.wonders(utterance))):
                told = await self._from_documents(utterance, conversation, admits=turned_away)
                if told:
                    return Answer((*told, Say(script.question[missing])), replace(known, asked=missing))
            if line is not None:
                asked = Say(script.question[missing])
                follow = () if line == script.lines.help else (asked,)
                return Answer((Say(line), *follow), replace(known, asked=missing))
        steps.append(self._question(known, missing, utterance))
        return Answer(tuple(steps), replace(known, asked=missing))

    async def _from_documents(
        self, utterance: Utterance, conversation: Conversation, *, admits: bool
    ) -> tuple[Step, ...]:
        """The answer that her documents hold; when they hold none, the line that says so if she `admits` it. () when
        she has nothing to say from them."""
        passages = await self._shelf.look_up_or_not(utterance, conversation)
        language = utterance.language
        told: tuple[Step, ...] = ()
        if passages:
            unknown = self._shelf.unknown(language)
            told = self._shelf.answer(
                utterance,
                passages,
                system=self._shelf.role(language),
                fallback=unknown,
                recent=[message for message in conversation.messages if message.role != "system"],
                forbidden=self._titles,
            )
        if not told and admits and passages is not None and self._shelf.wonders(utterance):
            return (Say(self._shelf.unknown(language)),)
        return told

    async def _recommend(self, known: Profile, language: Language) -> Answer:
        script = self._scripts[language]
        assert known.goal and known.level and known.career
        wish = Wish(known.goal, known.level, known.career)
        courses = await self._recommender.best(wish, script)
        steps = (
            Show("profile", self._profile(known, language)),
            Say(script.lines.intro),
            Show("recommendations", {"courses": [card(course, wish, script, language) for course in courses]}),
            Say(script.lines.bridge),
        )
        return Answer(steps, self.start())

    def _profile(self, known: Profile, language: Language) -> dict[str, dict[str, str] | None]:
        script = self._scripts[language]
        shown: dict[str, dict[str, str] | None] = {}
        for fact in FACTS:
            value = getattr(known, fact)
            shown[fact] = {"value": value, "label": script.label_of(fact, value)} if value else None
        return shown

    def _question(self, known: Profile, missing: Fact, utterance: Utterance) -> Generate:
        language = utterance.language
        script = self._scripts[language]
        turn = _turn(script, known, missing, utterance.text)
        return Generate(
            messages=(*self._preamble(language), Message("user", turn)),
            max_tokens=self._max_tokens,
            temperature=self._temperature,
            stop=("\n",),
            sentences=1,
            fallback=script.question[missing],
            forbidden=self._titles,
            guard=QuestionGuard(language, missing, known, script, self._lexicon),
        )

    def _preamble(self, language: Language) -> tuple[Message, ...]:
        script = self._scripts[language]
        messages = [Message("system", self._instructions[language].strip())]
        for shot in script.prompt.shots:
            messages += [
                Message("user", _turn(script, _of_shot(shot), shot.ask, shot.said)),
                Message("assistant", shot.answer),
            ]
        return tuple(messages)


def _of_shot(shot: Shot) -> Profile:
    return Profile(shot.goal, shot.level, shot.career)


def _merged(profile: Profile, reading: Reading) -> Profile:
    return Profile(
        reading.goal or profile.goal,
        reading.level or profile.level,
        reading.career or profile.career,
        profile.asked,
    )


def _acknowledged(before: Profile, after: Profile, script: Script) -> str | None:
    """The line for the first fact that is new; none when nothing is."""
    for fact in FACTS:
        value = getattr(after, fact)
        if value and value != getattr(before, fact):
            return script.ack_of(fact, value)
    return None


def _fixed(profile: Profile, reading: Reading, script: Script) -> str | None:
    """The fixed line for an utterance that states no fact, or None when the model may ask again."""
    signals = reading.signals
    lines = script.lines
    if "inject" in signals:
        return lines.off_topic
    if "help" in signals:
        return lines.help
    if "thanks" in signals and reading.words <= 8:
        return lines.thanks
    if signals & {"idle", "negated", "undecided", "unsure"}:
        return None
    if "question" in signals:
        return lines.off_topic
    return _of_wish(profile, reading, lines)


def _of_wish(profile: Profile, reading: Reading, lines: Lines) -> str | None:
    """A wish for something she has no name for is not offered; one that is only about learning is asked on."""
    if "wish" in reading.signals and profile.goal is None and reading.words > 2:
        return None if "related" in reading.signals and reading.words <= 5 else lines.unsupported
    return None if "related" in reading.signals else lines.off_topic


def _turn(script: Script, known: Profile, ask: Fact, said: str) -> str:
    """One request to the model. What the person said is shortened, without line breaks or quotation marks."""
    labels = [script.label_of(fact, value) for fact in FACTS if (value := getattr(known, fact))]
    heard = " ".join(said.replace('"', " ").split())[:HEARD_CHARACTERS]
    return script.prompt.turn.format(
        known=", ".join(labels) or script.prompt.nothing, ask=script.prompt.ask[ask], said=heard
    )
