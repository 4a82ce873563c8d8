"""What the doors of the documents say and refuse, for the reference page; tests hold it against what they do."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Final

from visavis.server.knowledge_view import DocumentView, PassageView

REFUSALS: Final[dict[str, tuple[int, str]]] = {
    "knowledge.collection": (400, "A name that no collection can have."),
    "knowledge.type": (415, "A file of another kind than PDF, DOCX, HTML, Markdown and plain text, whatever its name."),
    "knowledge.too_large": (413, "More bytes, pages or characters than the settings allow."),
    "knowledge.empty": (400, "No text in it; scanned pages are pictures."),
    "knowledge.unreadable": (400, "Broken, protected by a password, or too much for the time and memory it gets."),
    "knowledge.unknown": (404, "A document or page that is not here, or not any more."),
    "knowledge.full": (507, "As many documents as there may be (VISAVIS_KNOWLEDGE_DOCUMENTS)."),
    "knowledge.unavailable": (503, "The documents cannot be searched: the database or the embedder does not answer."),
}
"""Codes with their HTTP status and when they come; what fails while a document is indexed stands in its `error`."""

_TEXT: Final = """Personas answer from collections of documents: those that a persona's file names under `knowledge`, by
default the one of its own id. Add them on the page `/knowledge`, over HTTP, or from the shell, while the server runs or
not:

```sh
visavis knowledge add handbook.pdf rules/ --collection genevieve   # files, and folders with all that is in them
visavis knowledge list
visavis knowledge search "How many days of leave are there?"
visavis knowledge remove handbook.pdf
curl -F file=@handbook.pdf http://localhost:8000/api/v1/knowledge/genevieve   # {"id": "3fa1…", "status": "indexing", …}
curl 'http://localhost:8000/api/v1/knowledge/genevieve/search?q=days+of+leave'
```

PDF (with its text, not scanned), DOCX, HTML, Markdown and plain text, in English, Chinese and Spanish; a question finds
what answers it in another of these languages. A document of the same name replaces the one before, and only the
passages that changed are embedded again; the very same document costs nothing. Indexing waits while somebody talks, and
goes on with what waits after a restart.

Where the search is sure, the document answers in its own words: one or two sentences of the passage are spoken as they
stand ("In Pool rules it says: …"), with the card beside them, at once. What it is not sure of is declined. What only a
document in another language holds is told by the language model as far as numbers of the passage carry it, else she
points to the card on the screen: a voice reads its own language. The small model that visavis brings needs all that;
a better one (Ollama, a service, `VISAVIS_LLM_MODEL`) answers in its own words from all that was found, and falls back
on the quotation. `VISAVIS_KNOWLEDGE_ANSWERS` chooses.

Strangers' files are read by a process of their own, with limits on its memory and time, which is killed when it passes
them; nothing of a document is ever executed or fetched.

Documents are kept in `VISAVIS_KNOWLEDGE`, with a SQLite database, or in the database that `VISAVIS_DATABASE` names.
Vectors are searched in memory (FAISS, exact), or by PostgreSQL where it has the extension pgvector; words by BM25, with
stems for English and Spanish and words for Chinese. Several servers over one database notice each other's changes
within a second or two."""


def knowledge_page(note: str) -> str:
    """`docs/knowledge.md`."""
    return "\n".join(_lines(note)) + "\n"


def _lines(note: str) -> Iterator[str]:
    yield from ("# Documents", "", note, "", _TEXT, "")
    for title, model in (("A document", DocumentView), ("A passage that was found", PassageView)):
        yield from (f"## {title}", "", " ".join((inspect.getdoc(model) or "").split()), "")
        yield ", ".join(f"`{name}`" for name in model.model_fields) + "."
        yield ""
    yield from ("## Refusals", "", "| code | status | when |", "|---|---|---|")
    yield from (f"| `{code}` | {status} | {when} |" for code, (status, when) in REFUSALS.items())
