"""The tables: the five of the studio, in seed 003's names and columns with what was missing to fill them, those of the
host's documents, and those of the people who agreed to be remembered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: aware on both sides, also where the database knows no time zones (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a time without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, aware and in UTC."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Table(DeclarativeBase):
    """What every table shares: the types of its columns and how constraints are named."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        datetime: UtcTime(),
        float: Float(53),
        dict[str, Any]: JSON(none_as_null=True),
        str: Text(),
    }


class UserSession(Table):
    """Someone who asked for videos without a long pause in between; `owner` is an address or the name of a key."""

    __tablename__ = "user_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class GenerationJob(Table):
    """One video that was asked for.

    `request` is the whole request, consent included. `image_path`, `audio_path` and `output_video_path` repeat for
    readers of the database what `request` and `files` say: ids of artifacts, or `avatar:ID`.
    """

    __tablename__ = "generation_jobs"
    __table_args__ = (Index("ix_generation_jobs_status_created_at", "status", "created_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey(UserSession.id), index=True)
    status: Mapped[str] = mapped_column(String(16))
    request: Mapped[dict[str, Any]]
    image_path: Mapped[str]
    audio_path: Mapped[str]
    output_video_path: Mapped[str]
    emotion: Mapped[str] = mapped_column(String(32))
    confidence: Mapped[float | None]
    avatar_control: Mapped[dict[str, Any]]
    control_source: Mapped[str] = mapped_column(String(32))
    progress: Mapped[dict[str, Any] | None]
    files: Mapped[dict[str, Any]]
    provenance: Mapped[dict[str, Any]]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    error_code: Mapped[str] = mapped_column(String(64))
    error_message: Mapped[str]

    session: Mapped[UserSession] = relationship(lazy="joined", innerjoin=True)


class PerformanceMetric(Table):
    """What one run of a job cost in time and memory: frames/s, ms per frame, % of a GPU (none without one), MiB,
    seconds by stage, and seconds of work per second of video."""

    __tablename__ = "performance_metrics"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey(GenerationJob.id, ondelete="CASCADE"), index=True)
    fps: Mapped[float | None]
    latency_ms: Mapped[float | None]
    gpu_usage: Mapped[float | None]
    ram_usage: Mapped[float | None]
    stage_timings: Mapped[dict[str, Any]]
    realtime_factor: Mapped[float | None]
    measured_at: Mapped[datetime]


class QualityReport(Table):
    """What was measured of one video; a score that was not measured is NULL, and `report` says why.

    `ssim_score` in [-1, 1] and `psnr_score` (dB) are those outside the moving region, `lip_sync_score` the correlation
    of mouth and sound in [-1, 1], `overall` in 0 … 100.
    """

    __tablename__ = "quality_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey(GenerationJob.id, ondelete="CASCADE"), index=True)
    ssim_score: Mapped[float | None]
    psnr_score: Mapped[float | None]
    fid_score: Mapped[float | None]
    lip_sync_score: Mapped[float | None]
    overall: Mapped[float | None]
    report: Mapped[dict[str, Any]]
    judged_at: Mapped[datetime]


class CostTracking(Table):
    """What a service did for a job, in its own units, and what that cost (US dollars; 0 for local engines,
    NULL where no price is known). The row
    outlives the job and the session, without them."""

    __tablename__ = "cost_tracking"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey(GenerationJob.id, ondelete="SET NULL"), index=True)
    session_id: Mapped[str | None] = mapped_column(ForeignKey(UserSession.id, ondelete="SET NULL"), index=True)
    service: Mapped[str] = mapped_column(String(64))
    units: Mapped[float]
    unit: Mapped[str] = mapped_column(String(32))
    cost: Mapped[float | None]
    spent_at: Mapped[datetime]


class KnowledgeCollection(Table):
    """How often the documents of a collection have changed: who holds a copy compares."""

    __tablename__ = "knowledge_collections"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int]


class KnowledgeDocument(Table):
    """A document of the host, as `core.document.Document`; `text` is what was read of it, which the offsets of its
    passages count in, and `made_with` what its passages were made with."""

    __tablename__ = "knowledge_documents"
    __table_args__ = (Index("ix_knowledge_documents_collection_name", "collection", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    collection: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(128))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    title: Mapped[str]
    language: Mapped[str] = mapped_column(String(8))
    pages: Mapped[int | None]
    passages: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[str] = mapped_column(String(64))
    error_message: Mapped[str]
    revision: Mapped[int]
    index: Mapped[str] = mapped_column("made_with", String(200))
    text: Mapped[str] = mapped_column(deferred=True)


class KnowledgePassage(Table):
    """A piece of a document, from `begin_at` to `end_at` in its text; `terms` are the words that it is found by, blanks
    between them, `vector` is little-endian float32."""

    __tablename__ = "knowledge_passages"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey(KnowledgeDocument.id, ondelete="CASCADE"), index=True)
    number: Mapped[int]
    text: Mapped[str]
    begin: Mapped[int] = mapped_column("begin_at")
    end: Mapped[int] = mapped_column("end_at")
    page: Mapped[int | None]
    heading: Mapped[str]
    language: Mapped[str] = mapped_column(String(8))
    terms: Mapped[str]
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class MemoryPerson(Table):
    """Somebody who agreed to be remembered; `id` is a hash of the secret that their browser keeps."""

    __tablename__ = "memory_people"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    agreed_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class MemoryConversation(Table):
    """A conversation of such a person as it was heard: `messages` is {said: [{role, text, id, interrupted}]}, `facts`
    what the persona's flow had learned."""

    __tablename__ = "memory_conversations"
    __table_args__ = (Index("ix_memory_conversations_person_id_persona", "person_id", "persona"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(MemoryPerson.id, ondelete="CASCADE"))
    persona: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    began_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    messages: Mapped[dict[str, Any]]
