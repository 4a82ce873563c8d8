"""The messages of a conversation, cut to what was heard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function that an answer called: the call's `id`, the function's `name`, its `arguments` as JSON text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `id` is the Realtime item id; `interrupted` marks an answer cut to what was heard.

    `calls` are what an assistant's message called; a message of the role `tool` answers the call `call_id`.
    """

    role: Role
    text: str
    id: str = ""
    interrupted: bool = False
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """An immutable list of messages, oldest first."""

    messages: tuple[Message, ...] = ()

    def add(self, message: Message) -> Conversation:
        """The conversation with one more message."""
        return Conversation((*self.messages, message))

    def insert(self, message: Message, after: str | None) -> Conversation:
        """The conversation with `message` behind the item `after`; "root" puts it first, None or unknown last."""
        if after == "root":
            return Conversation((message, *self.messages))
        for index, known in enumerate(self.messages):
            if known.id == after and after:
                return Conversation((*self.messages[: index + 1], message, *self.messages[index + 1 :]))
        return self.add(message)

    def find(self, item_id: str) -> Message | None:
        """The message with that id, or None."""
        return next((message for message in self.messages if message.id == item_id), None)

    def truncate(self, item_id: str, heard: str) -> Conversation:
        """Cuts the answer `item_id` to the text that was heard; drops it when nothing was. Unknown id: no change."""
        kept: list[Message] = []
        for message in self.messages:
            if message.id != item_id or message.text == heard:
                kept.append(message)
            elif heard:
                kept.append(replace(message, text=heard, interrupted=True))
        return Conversation(tuple(kept))

    def remove(self, item_id: str) -> Conversation:
        """The conversation without that item. Unknown id: no change."""
        return Conversation(tuple(m for m in self.messages if m.id != item_id))
