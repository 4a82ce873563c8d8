"""Looking things up while the person still speaks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from tests import virtual_time
from tests.live.scene import Echo, resources, scene
from tests.personas.binder import LAMP, Binder
from visavis.core.conversation import Conversation, Message
from visavis.core.events import OutputStarted, ResponseDone, Shown, SpeechStopped, TextDelta, TranscriptPartial
from visavis.core.flow import Answer, Generate, Utterance
from visavis.core.media import AudioChunk
from visavis.core.passage import Passage
from visavis.core.wording import same_request
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.stt import STTOptions, Transcript
from visavis.live.memory import Memory
from visavis.live.recall import Recall
from visavis.live.role import Role
from visavis.personas.bookshelf import Bookshelf

ASKED = "Tell me what the warranty of the lamp is"


@dataclass(frozen=True)
class Reader(Echo):
    """Answers from a bookshelf; `given` is what was found ahead for each answer."""

    shelf: Bookshelf = field(default_factory=lambda: Bookshelf(None, (), ""))
    given: list[tuple[Passage, ...] | None] = field(default_factory=list)

    async def look_up(self, utterance: Utterance, conversation: Conversation) -> tuple[Passage, ...] | None:
        return await self.shelf.look_up(utterance, conversation)

    async def respond(self, state: object, utterance: Utterance, conversation: Conversation) -> Answer:
        self.given.append(utterance.found)
        passages = await self.shelf.look_up(utterance, conversation) or ()
        steps = self.shelf.answer(utterance, passages, system="Be brief.", fallback="Sorry?")
        return Answer(steps or (Generate((Message("user", utterance.text),)),), 0)


def reader(binder: Binder) -> tuple[Reader, Memory]:
    flow = Reader(shelf=Bookshelf(binder, ("open",), "Theo"))
    role = Role("theo", "Theo", ("en", "es", "zh"), {}, flow, look_up=flow.look_up, names=flow.shelf.names)
    return flow, Memory.fresh(role)


def recalled(binder: Binder, *partials: str, final: str, pause: float = 1.0) -> tuple[Passage, ...] | None:
    """What is found ahead for the final words after these partial transcripts, `pause` seconds apart."""

    async def play() -> tuple[Passage, ...] | None:
        _, memory = reader(binder)
        async with asyncio.TaskGroup() as group:
            recall = Recall(memory, group.create_task)
            for text in partials:
                recall.overhear(Utterance(text, "en"))
                await asyncio.sleep(pause)
            return await recall.found(final)

    return virtual_time.run(play())


def test_words_that_ask_the_same_need_no_second_search() -> None:
    binder = Binder(LAMP)
    assert recalled(binder, ASKED, final="Tell me, what is the warranty of the lamp?") == (LAMP,)
    assert binder.queries == [ASKED]


def test_a_search_under_way_is_waited_for() -> None:
    assert recalled(Binder(LAMP, delay=0.3), ASKED, final=ASKED, pause=0.1) == (LAMP,)


def test_other_words_are_searched_anew() -> None:
    assert recalled(Binder(LAMP), "Tell me what the", final=ASKED) is None
    assert recalled(Binder(LAMP), "the price of the lamp", final="the price of the day lamp") is None
    assert recalled(Binder(LAMP), final=ASKED) is None


def test_one_search_at_a_time_and_none_for_what_is_known() -> None:
    binder = Binder(LAMP, delay=0.5)
    partials = ("the lamp", "the lamp has a", "the lamp has a warranty", "the lamp has a warranty")
    assert recalled(binder, *partials, final="the lamp has a warranty", pause=0.3) == (LAMP,)
    assert binder.queries == ["the lamp", "the lamp has a warranty"]


def test_a_search_that_fails_ahead_of_time_is_nobodys_trouble() -> None:
    assert recalled(Binder(LAMP, broken=True), ASKED, final=ASKED) is None


def test_requests_are_the_same_when_only_small_words_differ() -> None:
    assert same_request("how long is the warranty", "How long is your warranty?")
    assert same_request("保修期多长", "请问保修期有多长？")
    assert not same_request("how long is the", "How long is the warranty?")
    assert not same_request("", "what is it")


def test_the_search_begins_before_the_person_has_finished() -> None:
    async def play() -> None:
        binder = Binder(LAMP)
        flow, memory = reader(binder)
        async with scene(resources(), memory=memory) as s:
            await s.configure(partials=True)
            await s.say("The lamp over there has a warranty of some years and I want to know how many years.")
            assert binder.queries
            assert not s.all(SpeechStopped)
            await s.until(ResponseDone)
            assert s.all(TranscriptPartial)
            assert len(flow.given) == 1

    virtual_time.run(play())


class Prompted(FakeSTT):
    """Keeps what it was told beforehand."""

    def __init__(self) -> None:
        super().__init__(delay=0.3)
        self.prompts: list[str] = []

    async def transcribe(self, audio: AudioChunk, options: STTOptions) -> Transcript:
        self.prompts.append(options.prompt)
        return await super().transcribe(audio, options)


def test_whoever_transcribes_is_told_what_the_documents_are_called() -> None:
    async def play() -> None:
        stt = Prompted()
        _, memory = reader(Binder(LAMP))
        async with scene(resources(stt=stt), memory=memory) as s:
            await s.say("What is the warranty of the lamp?")
            await s.until(ResponseDone)
        assert set(stt.prompts) == {"Heron lamp manual."}

    virtual_time.run(play())


def test_a_persona_without_documents_searches_nothing() -> None:
    async def play() -> None:
        binder = Binder(replace(LAMP, collection="elsewhere"))
        _, memory = reader(binder)
        async with scene(resources(), memory=memory) as s:
            await s.configure(partials=True)
            await s.say("What is the warranty of the lamp and how many watts does it draw?")
            await s.until(ResponseDone)
            assert binder.queries == []
            assert not s.all(Shown)

    virtual_time.run(play())


def test_citations_come_before_their_words_and_marks_are_neither_said_nor_kept() -> None:
    async def play() -> None:
        _, memory = reader(Binder(LAMP))
        made = resources(llm=FakeLLM(["The lamp has a warranty of five years [1]."], delay_s=0.02))
        async with scene(made, memory=memory) as s:
            await s.say("What is the warranty of the lamp?")
            await s.until(ResponseDone)
            (shown,) = s.all(Shown)
            (begun,) = s.all(OutputStarted)
            assert (shown.name, shown.item_id, shown.response_id) == ("citations", begun.item_id, begun.response_id)
            assert shown.payload["citations"][0]["passage"] == "lamp-1"
            assert s.at(Shown) <= s.at(TextDelta)
            assert "".join(event.text for event in s.all(TextDelta)).strip() == "The lamp has a warranty of five years."
            assert s.said()[-1] == ("assistant", "The lamp has a warranty of five years.")

    virtual_time.run(play())
