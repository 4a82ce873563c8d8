"""What is remembered of people, in the database: by a hash of each one's secret, and only while they agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from visavis.core.conversation import Message, Role
from visavis.core.language import LANGUAGES, as_language
from visavis.core.recollection import KeptConversation
from visavis.store.database import Database
from visavis.store.tables import MemoryConversation, MemoryPerson

_MOST: Final = 100
"""Conversations of one person that are kept, the newest."""


class MemoryStore:
    """Every call may raise VisavisError `store.unavailable` and `storage.full`. `person` is a hash, times are aware."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def agree(self, person: str, at: datetime) -> None:
        """From now on this person is remembered; agreeing again changes nothing."""
        async with self._database.writing() as session:
            if await session.get(MemoryPerson, person) is None:
                session.add(MemoryPerson(id=person, agreed_at=at, seen_at=at))

    async def agreed(self, person: str) -> datetime | None:
        """Since when the person agrees; None: they do not."""
        async with self._database.reading() as session:
            row = await session.get(MemoryPerson, person)
            return row.agreed_at if row else None

    async def greet(self, person: str, at: datetime) -> bool:
        """The person is here: their agreement is kept for as long anew. False: they have not agreed."""
        seen = update(MemoryPerson).where(MemoryPerson.id == person).values(seen_at=at).returning(MemoryPerson.id)
        async with self._database.writing() as session:
            return await session.scalar(seen) is not None

    async def conversations(
        self, person: str, *, persona: str = "", since: datetime, most: int = _MOST
    ) -> list[KeptConversation]:
        """Those that changed after `since`, the newest first: with one persona, or with all."""
        wanted = select(MemoryConversation).where(
            MemoryConversation.person_id == person, MemoryConversation.updated_at > since
        )
        if persona:
            wanted = wanted.where(MemoryConversation.persona == persona)
        newest = wanted.order_by(MemoryConversation.updated_at.desc(), MemoryConversation.id).limit(most)
        async with self._database.reading() as session:
            return [_conversation(row) for row in await session.scalars(newest)]

    async def keep(self, person: str, conversation: KeptConversation, *, new: bool) -> bool:
        """Writes a conversation down in place of what was known of it. False when nothing was written: the person does
        not agree, or the conversation is not `new` and has been deleted."""
        async with self._database.writing() as session:
            if await session.get(MemoryPerson, person) is None:
                return False
            row = await session.get(MemoryConversation, conversation.id)
            if row is not None and row.person_id == person:
                for name, value in _values(conversation).items():
                    setattr(row, name, value)
                return True
            if row is not None or not new:
                return False
            session.add(MemoryConversation(id=conversation.id, person_id=person, **_values(conversation)))
            await session.flush()
            await _drop_surplus(session, person)
            return True

    async def forget(self, person: str, conversation_id: str) -> bool:
        """Deletes one conversation; False when the person has none of that id."""
        one = delete(MemoryConversation).where(
            MemoryConversation.person_id == person, MemoryConversation.id == conversation_id
        )
        return await self._deleted(one.returning(MemoryConversation.id))

    async def forget_all(self, person: str) -> bool:
        """Deletes all that is remembered of a person, who still agrees; False when there was nothing."""
        everything = delete(MemoryConversation).where(MemoryConversation.person_id == person)
        return await self._deleted(everything.returning(MemoryConversation.id))

    async def revoke(self, person: str) -> bool:
        """The person no longer agrees: all that is remembered goes, and they with it. False: they had not agreed."""
        return await self._deleted(delete(MemoryPerson).where(MemoryPerson.id == person).returning(MemoryPerson.id))

    async def expire(self, before: datetime) -> None:
        """Deletes what has not changed since, and the agreement of people who have not been here since."""
        async with self._database.writing() as session:
            await session.execute(delete(MemoryConversation).where(MemoryConversation.updated_at <= before))
            await session.execute(delete(MemoryPerson).where(MemoryPerson.seen_at <= before))
        await self._database.purge()

    async def _deleted(self, statement: Any) -> bool:
        async with self._database.writing() as session:
            gone = (await session.scalars(statement)).all()
        await self._database.purge()
        return bool(gone)


async def _drop_surplus(session: AsyncSession, person: str) -> None:
    newest = (
        select(MemoryConversation.id)
        .where(MemoryConversation.person_id == person)
        .order_by(MemoryConversation.updated_at.desc(), MemoryConversation.id)
    )
    surplus = (await session.scalars(newest.offset(_MOST))).all()
    if surplus:
        await session.execute(delete(MemoryConversation).where(MemoryConversation.id.in_(surplus)))


def _values(conversation: KeptConversation) -> dict[str, Any]:
    said = [
        {"role": one.role, "text": one.text, "id": one.id, "interrupted": one.interrupted}
        for one in conversation.messages
    ]
    return {
        "persona": conversation.persona,
        "language": conversation.language,
        "began_at": conversation.began_at,
        "updated_at": conversation.updated_at,
        "facts": dict(conversation.facts),
        "messages": {"said": said},
    }


def _conversation(row: MemoryConversation) -> KeptConversation:
    return KeptConversation(
        row.id,
        row.persona,
        as_language(row.language) or LANGUAGES[0],
        row.began_at,
        row.updated_at,
        tuple(_message(one) for one in row.messages["said"]),
        {str(name): str(value) for name, value in row.facts.items()},
    )


def _message(kept: Mapping[str, Any]) -> Message:
    role: Role = "assistant" if kept["role"] == "assistant" else "user"
    return Message(role, str(kept["text"]), str(kept["id"]), bool(kept["interrupted"]))
