"""What kind of document a file is: by what is in it first, by its name only among texts."""

from __future__ import annotations

import mmap
import re
from pathlib import Path, PurePath
from typing import Final

from visavis.core.errors import VisavisError

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML: Final = "text/html"
MARKDOWN: Final = "text/markdown"
TEXT: Final = "text/plain"

SUFFIXES: Final = {
    ".pdf": PDF, ".docx": DOCX, ".html": HTML, ".htm": HTML, ".xhtml": HTML,
    ".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": TEXT, ".text": TEXT,
}  # fmt: skip
"""Kinds by the ends of names, as `visavis knowledge add FOLDER` takes them."""

_HEAD: Final = 4096
_WORDS: Final = b"word/document.xml"
_TAGS: Final = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_OTHERS: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"ID3", b"fLaC", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!",
    b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x7fELF", b"MZ", b"BZh", b"\xfd7zXZ", b"SQLite",
)  # fmt: skip
"""How files begin that are no text, and some that look like it."""


def media_type(path: Path, name: str) -> str:
    """One of the five kinds. Raises VisavisError `knowledge.type`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        if _is_docx(path):
            return DOCX
        raise _refused()
    if head.startswith(_OTHERS) or not _is_text(head):
        raise _refused()
    suffix = PurePath(name).suffix.lower()
    if _TAGS.match(head.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    kind = SUFFIXES.get(suffix, TEXT)
    return kind if kind in {HTML, MARKDOWN, TEXT} else TEXT


def _is_text(head: bytes) -> bool:
    """Whether these bytes are letters in some encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return b"\0" not in head and controls <= len(head) // 100


def _is_docx(path: Path) -> bool:
    """Whether a packed file names the part that holds a document's words; its directory is not read here."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(_WORDS) >= 0


def _refused() -> VisavisError:
    return VisavisError(
        "knowledge.type", "This kind of file cannot be read; send PDF, DOCX, HTML, Markdown or plain text."
    )
