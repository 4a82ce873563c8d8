"""Settings: the host's documents."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from visavis.settings.source import FromEnvironment, variable


class KnowledgeSettings(FromEnvironment):
    """Where the host's documents are kept, how they are searched and what each may cost. With VISAVIS_DATABASE they are
    kept there, but for the files themselves."""

    folder: Path | None = variable(
        None, "VISAVIS_KNOWLEDGE", description="Folder of the documents; default: the user's data folder."
    )
    index: Literal["auto", "faiss", "pgvector"] = variable(
        "auto",
        "VISAVIS_KNOWLEDGE_INDEX",
        description="Where vectors are searched: in memory (`faiss`) or by the database (`pgvector`, PostgreSQL's "
        "extension); `auto` takes pgvector where the database is PostgreSQL.",
    )
    answers: Literal["auto", "quotes", "model"] = variable(
        "auto",
        "VISAVIS_KNOWLEDGE_ANSWERS",
        description="In whose words documents answer: their own (`quotes`, at once) or the language model's (`model`; "
        "quotations where it finds none). `auto` takes quotations with the small model that visavis brings.",
    )
    max_bytes: int = variable(
        50_000_000, "VISAVIS_KNOWLEDGE_BYTES", description="Largest document that is taken.", ge=1024
    )
    documents: int = variable(
        5_000, "VISAVIS_KNOWLEDGE_DOCUMENTS", description="Documents in all collections; more are refused.", ge=1
    )
    pages: int = variable(2_000, "VISAVIS_KNOWLEDGE_PAGES", description="Most pages of a PDF.", ge=1)
    characters: int = variable(
        3_000_000, "VISAVIS_KNOWLEDGE_CHARACTERS", description="Most characters of text in a document.", ge=1000
    )
    seconds: float = variable(
        120.0, "VISAVIS_KNOWLEDGE_SECONDS", description="Seconds after which reading a document is given up.", gt=0
    )
