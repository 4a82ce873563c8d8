"""Files are what is in them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.knowledge.paper import Line, docx, pdf
from visavis.core.errors import VisavisError
from visavis.knowledge.media_type import DOCX, HTML, MARKDOWN, PDF, TEXT, media_type


def test_pdf_and_docx_by_content_alone(tmp_path: Path) -> None:
    assert media_type(pdf([[Line("x", 80)]], tmp_path / "a"), "letter.txt") == PDF
    assert media_type(docx([("Normal", "x")], tmp_path / "b"), "letter.md") == DOCX


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"# Title", "a.md", MARKDOWN),
        (b"# Title", "a.txt", TEXT),
        (b"words", "noname", TEXT),
        (b"\n <!-- x -->\n<!DOCTYPE html><p>", "a.txt", HTML),
        (b"\xef\xbb\xbf<html>", "a", HTML),
        (b"<p>a part of a page", "a.htm", HTML),
        ("图书馆".encode("utf-16"), "a.txt", TEXT),
        ("图书馆".encode("gb18030"), "a.txt", TEXT),
        (b"not a pdf", "a.pdf", TEXT),
    ],
)
def test_texts(tmp_path: Path, data: bytes, name: str, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert media_type(path, name) == kind


@pytest.mark.parametrize(
    "head", [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\x7fELF", b"\x00\x01\x02text", b"{\\rtf1", b"MZ\x90"]
)
def test_refuses_other_files_whatever_they_are_called(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(head + b"words " * 10)
    for name in ("a.txt", "a.pdf", "a.md"):
        with pytest.raises(VisavisError) as refused:
            media_type(path, name)
        assert refused.value.code == "knowledge.type"


def test_refuses_packed_files_that_are_no_document(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(VisavisError) as refused:
        media_type(path, "x.docx")
    assert refused.value.code == "knowledge.type"
