"""Makes passages of a document: read, cut, taken apart into terms, embedded."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from visavis.core.document import Document, Entry
from visavis.core.passage import Passage
from visavis.engines.text_language import TextLanguage
from visavis.knowledge.chunking import JOINT, Cuts, cut
from visavis.knowledge.extract.block import Extract
from visavis.knowledge.meaning import Meaning
from visavis.knowledge.reader import Reader
from visavis.knowledge.terms import Terms

VERSION: Final = 2
"""Of the way passages are made; documents that were made in another are made anew."""

_BATCH: Final = 4
"""Passages embedded at once: somebody who asks meanwhile waits for no more than these."""
_READ: Final = 0.1
"""Share of the work that is done when the document is read."""
_LONGEST_CONTEXT: Final = 160
"""Characters of title and headings that go before a passage when it is embedded."""
_SAMPLE: Final = 4_000
"""Characters that tell a document's language."""

OnProgress = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A document with what was found out about it, its text, and its passages."""

    document: Document
    text: str
    entries: tuple[Entry, ...]


class PassageMaker:
    """Makes passages of documents, one document at a time to a caller."""

    def __init__(
        self, reader: Reader, meaning: Meaning, terms: Terms, languages: TextLanguage, cuts: Cuts | None = None
    ) -> None:
        self._reader, self._meaning, self._terms, self._languages = reader, meaning, terms, languages
        self._cuts = cuts or Cuts()

    async def make(self, document: Document, path: Path, known: Mapping[str, Entry], on_progress: OnProgress) -> Made:
        """The passages of the file at `path`. Those that are `known`, by id, are not embedded again; `on_progress` is
        told how much is done, 0 … 1. Cancellable.

        Raises VisavisError `knowledge.unreadable`, `knowledge.too_large`, `knowledge.empty`, `embedder.…`.
        """
        extract = await self._reader.read(path, document.media_type)
        text, passages = await asyncio.to_thread(self._passages, document, extract)
        on_progress(_READ)
        entries: list[Entry] = []
        for start in range(0, len(passages), _BATCH):
            entries.extend(await self._entries(passages[start : start + _BATCH], known))
            on_progress(_READ + (1 - _READ) * len(entries) / len(passages))
        first = passages[0]
        found = replace(
            document,
            title=first.title,
            language=_commonest([passage.language for passage in passages]),
            pages=extract.pages,
            passages=len(passages),
        )
        return Made(found, text, tuple(entries))

    def _passages(self, document: Document, extract: Extract) -> tuple[str, list[Passage]]:
        title = extract.title or document.title or Path(document.name).stem
        text, pieces = cut(extract.blocks, self._cuts)
        usual = self._languages.detect(text[:_SAMPLE], "en")
        seen: Counter[str] = Counter()
        passages = []
        for piece in pieces:
            words = text[piece.start : piece.end]
            heading = _without_title(piece.heading, title)
            mark = hashlib.blake2b(f"{title}\n{heading}\n{words}".encode(), digest_size=6).hexdigest()
            seen[mark] += 1
            passages.append(
                Passage(
                    id=f"{document.id}-{mark}" + (f"-{seen[mark]}" if seen[mark] > 1 else ""),
                    document=document.id,
                    title=title,
                    text=words,
                    start=piece.start,
                    end=piece.end,
                    page=piece.page,
                    heading=heading,
                    language=self._languages.detect(words, usual),
                    collection=document.collection,
                )
            )
        return text, passages

    async def _entries(self, passages: Sequence[Passage], known: Mapping[str, Entry]) -> list[Entry]:
        new = [passage for passage in passages if passage.id not in known]
        texts = [_in_context(passage) for passage in new]
        terms = await asyncio.to_thread(
            lambda: [self._terms.of(text, passage.language) for text, passage in zip(texts, new, strict=True)]
        )
        vectors = await self._meaning.passages(texts, [passage.language for passage in new])
        made = {
            passage.id: Entry(passage, words, vector)
            for passage, words, vector in zip(new, terms, vectors, strict=True)
        }
        return [made.get(one.id) or replace(known[one.id], passage=one) for one in passages]


def _in_context(passage: Passage) -> str:
    """A passage as it is searched: below its document's title and its headings."""
    context = passage.title + (JOINT + passage.heading if passage.heading else "")
    return f"{context[:_LONGEST_CONTEXT]}\n{passage.text}"


def _without_title(heading: str, title: str) -> str:
    """The path of headings without the title at its head."""
    first, _, rest = heading.partition(JOINT)
    return rest if first == title else heading


def _commonest(values: Sequence[str]) -> str:
    return Counter(values).most_common(1)[0][0] if values else ""
