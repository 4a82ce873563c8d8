"""What a conversation remembers; it outlives a dropped connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from visavis.core.conversation import Conversation, Message
from visavis.core.language import Language
from visavis.core.playout import Playout
from visavis.core.recollection import KeptConversation, Remembering
from visavis.core.session import SessionOptions
from visavis.live.role import Role

_ANSWERS_KEPT = 32
_TAKEN_UP, _TAKEN_UP_CHARACTERS = 12, 3000
"""What of earlier conversations is taken up: at most so many messages and characters, the newest."""


@dataclass(slots=True)
class Memory:
    """The messages, the flow's state and the language of one conversation.

    `pending` are the person's messages that no answer has begun to cover. `answers` keeps the playout of the last
    answers, so that a client can still say how much of one was heard. `recalled` are the ids of messages from earlier
    conversations; `returning`: the person has been here before and was not greeted yet.
    """

    role: Role
    language: Language
    state: object
    conversation: Conversation = field(default_factory=Conversation)
    options: SessionOptions = field(default_factory=SessionOptions)
    pending: tuple[Message, ...] = ()
    answers: dict[str, Playout] = field(default_factory=dict)
    recalled: frozenset[str] = frozenset()
    returning: bool = False

    @classmethod
    def fresh(cls, role: Role, language: Language | None = None) -> Memory:
        """The memory of a conversation that has not begun."""
        return cls(role, language or role.languages[0], role.flow.start())

    @classmethod
    def taken_up(cls, role: Role, kept: Sequence[KeptConversation]) -> Memory:
        """The memory of a conversation with somebody who returns; `kept` are the earlier ones, the newest first. Only
        what the person and the avatar said is taken up, in those roles: nothing that was kept becomes a rule."""
        memory = cls.fresh(role)
        messages: list[Message] = []
        room = _TAKEN_UP_CHARACTERS
        for message in (one for conversation in kept for one in reversed(conversation.messages)):
            room -= len(message.text)
            if len(messages) == _TAKEN_UP or room < 0:
                break
            if message.role in ("user", "assistant"):
                messages.insert(0, message)
        if not messages:
            return memory
        memory.conversation = Conversation(tuple(messages))
        memory.recalled = frozenset(message.id for message in messages)
        memory.returning = True
        if kept[0].language in role.languages:
            memory.language = kept[0].language
        facts = next((one.facts for one in kept if one.facts), {})
        if isinstance(role.flow, Remembering):
            memory.state = role.flow.recall(facts)
        return memory

    def opening(self, language: Language) -> tuple[str, ...]:
        """The fixed lines that greet the person."""
        flow = self.role.flow
        if self.returning and isinstance(flow, Remembering):
            return flow.welcome_back(self.state, language)
        return (flow.greeting(language),)

    @property
    def last_item(self) -> str | None:
        """The id of the newest message."""
        return self.conversation.messages[-1].id if self.conversation.messages else None

    @property
    def answered(self) -> Conversation:
        """The conversation without what is pending."""
        waiting = {message.id for message in self.pending}
        return Conversation(tuple(m for m in self.conversation.messages if m.id not in waiting))

    def hear(self, message: Message) -> None:
        """The person said or typed this, and waits for an answer."""
        self.conversation = self.conversation.add(message)
        self.pending = (*self.pending, message)

    def add(self, message: Message, after: str | None) -> None:
        """A message from the client, behind the item `after`: one of the person's waits for an answer, and one of the
        avatar's is that answer."""
        self.conversation = self.conversation.insert(message, after)
        if message.role == "user":
            self.pending = (*self.pending, message)
        elif message.role == "assistant":
            self.pending = ()

    def remove(self, item_id: str) -> bool:
        """Forgets a message; False when there is none of that id."""
        known = self.conversation.find(item_id) is not None
        self.conversation = self.conversation.remove(item_id)
        self.pending = tuple(message for message in self.pending if message.id != item_id)
        self.answers.pop(item_id, None)
        return known

    def answer(self, item_id: str, playout: Playout, text: str, after: str | None, *, interrupted: bool) -> None:
        """The avatar said this, as far as it was heard, behind the item `after`; said again, it replaces what was
        known of that answer."""
        if text and self.conversation.find(item_id):
            self.conversation = self.conversation.truncate(item_id, text)
        elif text:
            message = Message("assistant", text, item_id, interrupted)
            self.conversation = self.conversation.insert(message, after)
            self.answers[item_id] = playout
            while len(self.answers) > _ANSWERS_KEPT:
                self.answers.pop(next(iter(self.answers)))

    def truncate(self, item_id: str, audio_end: float) -> str | None:
        """Cuts an answer to what was heard up to `audio_end` seconds; returns that text, None for an unknown item."""
        playout = self.answers.get(item_id)
        if playout is None:
            return None
        heard = playout.heard_text(audio_end)
        self.conversation = self.conversation.truncate(item_id, heard)
        return heard
