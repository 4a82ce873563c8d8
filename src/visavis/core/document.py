"""A document of the host as it is kept, and the pieces it was cut into: shared by the database and the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visavis.core.passage import Passage

DocumentStatus = Literal["indexing", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a collection.

    `id` stays when the document is replaced by another of its `name`. `digest` is the SHA-256 of its `size` bytes;
    `pages` is None where it has none. `revision` grows with every change of the collection, and is the document's own
    from its last one; `index` names the embedder and the way of cutting that its passages were made with.
    """

    id: str
    collection: str
    name: str
    media_type: str
    digest: str
    size: int
    added_at: datetime
    title: str = ""
    language: str = ""
    pages: int | None = None
    passages: int = 0
    status: DocumentStatus = "indexing"
    error_code: str = ""
    error_message: str = ""
    revision: int = 0
    index: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """How many documents and passages a collection holds."""

    name: str
    documents: int
    passages: int


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A passage as it is searched: its `terms` in order, and its unit `vector`, float32 of shape (dimensions,).

    `vector` is empty where it was not asked for.
    """

    passage: Passage
    terms: tuple[str, ...]
    vector: NDArray[np.float32]


Revisions = Mapping[str, int]
"""By collection, a number that grows with every change of it."""
