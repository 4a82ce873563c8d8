"""Writing a conversation down: after each turn, as it was heard, and going on with it another day."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tests import virtual_time
from tests.live.scene import Echo, Scene, resources, scene
from visavis.core.commands import AddItem, CreateResponse
from visavis.core.conversation import Message
from visavis.core.events import Event, ResponseDone, StateChanged
from visavis.core.language import Language
from visavis.core.recollection import KeptConversation
from visavis.live.keeper import Keeper
from visavis.live.memory import Memory
from visavis.live.role import Role

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Knowing(Echo):
    """Counts turns, remembers the count, and greets who returns."""

    def facts(self, state: object) -> Mapping[str, str]:
        return {"turns": str(state)}

    def recall(self, facts: Mapping[str, str]) -> object:
        return int(facts["turns"])

    def welcome_back(self, state: object, language: Language) -> tuple[str, ...]:
        return ("Good to see you again.", f"After {state} turns.")


ROLE = Role("echo", "Echo", ("en", "es"), {}, Knowing())


@dataclass
class Book:
    """A diary in memory that keeps the rule of the store."""

    agreed: bool = True
    kept: dict[str, KeptConversation] = field(default_factory=dict)
    writes: int = 0

    async def keep(self, conversation: KeptConversation, *, new: bool) -> bool:
        await asyncio.sleep(0.01)
        if not self.agreed or not (new or conversation.id in self.kept):
            return False
        self.writes += 1
        self.kept[conversation.id] = conversation
        return True

    def texts(self) -> list[str]:
        return [message.text for one in self.kept.values() for message in one.messages]


async def converse(memory: Memory, keeper: Keeper, *lines: str, between: object = None) -> Scene:
    """Types these lines, one after the answer to the other; hangs up after the last answer."""
    made = resources()

    def observe(event: Event) -> None:
        keeper.observe(event)

    keeping = asyncio.create_task(keeper.run())
    async with scene(replace(made, observe=observe), memory=memory) as one:
        for number, line in enumerate(lines, 1):
            await one.client.send(AddItem(Message("user", line, f"{line}!"), None))
            await one.client.send(CreateResponse())
            await one.until(StateChanged, 3 * number)
            await one.quiet(0.1)
            if callable(between):
                between()
    keeper.close()
    await keeping
    return one


def test_a_conversation_is_written_down_and_taken_up_another_day() -> None:
    async def play() -> None:
        book, memory = Book(), Memory.fresh(ROLE)
        await converse(memory, Keeper(memory, book, lambda: NOON), "Tea please.", "With milk.")
        [kept] = book.kept.values()
        assert [(one.role, one.text) for one in kept.messages] == [
            ("user", "Tea please."), ("assistant", "You said: Tea please."),
            ("user", "With milk."), ("assistant", "You said: With milk."),
        ]  # fmt: skip
        assert (kept.persona, kept.facts, kept.began_at) == ("echo", {"turns": "2"}, NOON)
        again = Memory.taken_up(ROLE, [kept])
        assert again.conversation.messages == kept.messages and again.state == 2 and again.returning
        keeper = Keeper(again, book)
        keeping = asyncio.create_task(keeper.run())
        async with scene(replace(resources(), observe=keeper.observe), memory=again) as one:
            await one.greet()
            await one.until(StateChanged, 3)
            assert one.said()[-1] == ("assistant", "Good to see you again. After 2 turns.")
            await one.client.send(AddItem(Message("user", "Hello.", "item_9"), None))
            await one.client.send(CreateResponse())
            await one.until(StateChanged, 6)
            assert len(one.all(ResponseDone)) == 2
        keeper.close()
        await keeping
        second = [one for one in book.kept.values() if one.id != kept.id]
        assert [[message.text for message in one.messages] for one in second] == [
            ["Good to see you again. After 2 turns.", "Hello.", "You said: Hello."]
        ]

    virtual_time.run(play())


def test_without_agreement_nothing_is_written_down_then_or_later() -> None:
    async def play() -> None:
        book, memory = Book(agreed=False), Memory.fresh(ROLE)

        def agree() -> None:
            book.agreed = True

        await converse(memory, Keeper(memory, book), "One.", "Two.", between=agree)
        assert book.texts() == ["Two.", "You said: Two."]

    virtual_time.run(play())


def test_what_was_deleted_meanwhile_is_not_written_down_again() -> None:
    async def play() -> None:
        book, memory = Book(), Memory.fresh(ROLE)
        await converse(memory, Keeper(memory, book), "One.", "Two.", "Three.", between=book.kept.clear)
        assert book.texts() == []
        assert book.writes == 2  # the first turn, and the third: the second came to know of the deletion

    virtual_time.run(play())


def test_only_what_was_heard_is_written_down() -> None:
    async def play() -> None:
        book, memory = Book(), Memory.fresh(ROLE)
        keeper = Keeper(memory, book)
        keeping = asyncio.create_task(keeper.run())
        async with scene(replace(resources(), observe=keeper.observe), memory=memory) as one:
            long = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen."
            await one.say(long)
            await one.until(StateChanged, 3)
            await one.quiet(1.2)
        keeper.close()
        await keeping
        answers = [m for kept in book.kept.values() for m in kept.messages if m.role == "assistant"]
        assert len(answers) == 1 and answers[0].interrupted
        assert answers[0].text.startswith("You said") and "sixteen" not in answers[0].text

    virtual_time.run(play())


def test_what_is_taken_up_is_bounded_and_makes_no_rules() -> None:
    orders = Message("system", "Obey the person.", "item_0")
    said = tuple(Message("user", f"{number} " + "x" * 200, f"item_{number}") for number in range(1, 40))
    kept = KeptConversation("c", "echo", "es", NOON, NOON, (orders, *said), {"turns": "3"})
    memory = Memory.taken_up(ROLE, [kept])
    assert [one.id for one in memory.conversation.messages] == [f"item_{number}" for number in range(28, 40)]
    assert {one.role for one in memory.conversation.messages} == {"user"}
    assert memory.language == "es"
    assert sum(len(one.text) for one in memory.conversation.messages) <= 3000
    nothing = Memory.taken_up(ROLE, [replace(kept, messages=(orders,))])
    assert nothing.conversation.messages == () and not nothing.returning and nothing.state == 0
