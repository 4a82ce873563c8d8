"""Vectors that PostgreSQL searches itself, with the extension pgvector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from visavis.core.errors import VisavisError
from visavis.store.database import Database
from visavis.store.tables import KnowledgePassage

_BATCH: Final = 200
_MISSING: Final = ("58P01", "0A000", "42501")
"""SQLSTATE of an extension whose files are not there, that is unknown, or that one may not make."""

_MAKE: Final = """
CREATE TABLE IF NOT EXISTS knowledge_vectors (
    passage_id varchar(64) PRIMARY KEY REFERENCES knowledge_passages (id) ON DELETE CASCADE,
    embedding vector({dimensions}) NOT NULL
)"""
_DIMENSIONS: Final = """
SELECT atttypmod FROM pg_attribute WHERE attrelid = 'knowledge_vectors'::regclass AND attname = 'embedding'"""
_LACKING: Final = """
SELECT p.id FROM knowledge_passages p LEFT JOIN knowledge_vectors v ON v.passage_id = p.id
WHERE v.passage_id IS NULL AND length(p.vector) = :bytes LIMIT :batch"""
_INSERT: Final = """
INSERT INTO knowledge_vectors (passage_id, embedding) VALUES (:id, CAST(:vector AS vector)) ON CONFLICT DO NOTHING"""
_OF: Final = """
FROM knowledge_vectors v JOIN knowledge_passages p ON p.id = v.passage_id
JOIN knowledge_documents d ON d.id = p.document_id WHERE d.collection = ANY(:collections)"""
_NEAREST: Final = f"""
SELECT v.passage_id, -(v.embedding <#> CAST(:vector AS vector)) AS cosine {_OF}
ORDER BY v.embedding <#> CAST(:vector AS vector) LIMIT :limit"""
_COSINES: Final = """
SELECT passage_id, -(embedding <#> CAST(:vector AS vector)) FROM knowledge_vectors WHERE passage_id = ANY(:ids)"""
_SPREAD: Final = f"""
SELECT coalesce(avg(cosine), 0), coalesce(stddev_pop(cosine), 0)
FROM (SELECT -(v.embedding <#> CAST(:vector AS vector)) AS cosine {_OF}) AS cosines"""  # noqa: S608 - made of constants; what is asked comes as parameters


class PgVectorTable:
    """A `knowledge.archive.VectorTable`: exact search by inner product in the database. Vectors are unit vectors.

    Every call may raise VisavisError `store.unavailable`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dimensions = 0

    async def open(self, dimensions: int) -> None:
        """Makes the table if there is none, anew if its vectors are of another length. Raises VisavisError
        `knowledge.unavailable` where the extension is missing, or the database is not PostgreSQL."""
        if not self._database.url.get_backend_name().startswith("postgres"):
            raise VisavisError(
                "knowledge.unavailable",
                "pgvector needs PostgreSQL: set VISAVIS_DATABASE, or VISAVIS_KNOWLEDGE_INDEX=faiss.",
            )
        self._dimensions = dimensions
        try:
            async with self._database.writing() as session:
                if not await _has_extension(session):
                    await session.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
                await session.execute(text(_MAKE.format(dimensions=int(dimensions))))
                if await session.scalar(text(_DIMENSIONS)) != dimensions:
                    await session.execute(text("DROP TABLE knowledge_vectors"))
                    await session.execute(text(_MAKE.format(dimensions=int(dimensions))))
        except (DBAPIError, VisavisError) as error:
            known = error if isinstance(error, DBAPIError) else error.__cause__
            if getattr(getattr(known, "orig", None), "sqlstate", "") in _MISSING:
                raise _missing() from error
            raise

    async def refresh(self) -> None:
        """Takes in the vectors of all passages that it lacks."""
        while True:
            async with self._database.writing() as session:
                limits = {"bytes": 4 * self._dimensions, "batch": _BATCH}
                ids = list(await session.scalars(text(_LACKING), limits))
                if not ids:
                    return
                wanted = select(KnowledgePassage.id, KnowledgePassage.vector).where(KnowledgePassage.id.in_(ids))
                rows = [
                    {"id": key, "vector": _literal(np.frombuffer(data, "<f4"))}
                    for key, data in await session.execute(wanted)
                ]
                await session.execute(text(_INSERT), rows)

    async def nearest(
        self, collections: Sequence[str], vector: NDArray[np.float32], limit: int
    ) -> list[tuple[str, float]]:
        """Ids of the passages most alike and their cosines, best first."""
        rows = await self._asked(_NEAREST, vector, collections=list(collections), limit=limit)
        return [(str(key), float(cosine)) for key, cosine in rows]

    async def cosines(self, ids: Sequence[str], vector: NDArray[np.float32]) -> Mapping[str, float]:
        """The cosines of these passages."""
        return {str(key): float(cosine) for key, cosine in await self._asked(_COSINES, vector, ids=list(ids))}

    async def spread(self, collections: Sequence[str], vector: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of the cosine with all passages of these collections; zeros for none."""
        [(mean, deviation)] = await self._asked(_SPREAD, vector, collections=list(collections))
        return float(mean), float(deviation)

    async def _asked(self, query: str, vector: NDArray[np.float32], **values: Any) -> Sequence[Any]:
        async with self._database.reading() as session:
            return (await session.execute(text(query), {"vector": _literal(vector), **values})).all()


async def _has_extension(session: AsyncSession) -> bool:
    return bool(await session.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'vector'")))


def _literal(vector: NDArray[np.float32]) -> str:
    return "[" + ",".join(f"{value:.7g}" for value in vector) + "]"


def _missing() -> VisavisError:
    return VisavisError(
        "knowledge.unavailable",
        "The database lacks the extension pgvector: install it and run CREATE EXTENSION vector as a superuser, or set "
        "VISAVIS_KNOWLEDGE_INDEX=faiss.",
    )
