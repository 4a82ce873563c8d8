"""DOCX by styles; bombs and wrecks refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bench.documents import FOLDER
from tests.knowledge.paper import docx
from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import cleaned
from visavis.knowledge.extract.docx import read_docx


def test_styles_and_tables(tmp_path: Path) -> None:
    parts = [
        ("Title", "Holiday rules"), ("Heading 1", "How many days"), ("Normal", "Everybody has 30 days."),
        ("List Bullet", "ask two weeks ahead"), ("Heading 2", "Part time"), ("Normal", ""),
    ]  # fmt: skip
    path = docx(parts, tmp_path / "a.docx", rows=[["days", "who"], ["30", "all"]])
    extract = read_docx(path)
    assert extract.title == "Holiday rules"
    assert [(block.kind, block.level, block.text) for block in cleaned(extract.blocks, 10_000)] == [
        ("heading", 1, "Holiday rules"), ("heading", 1, "How many days"), ("text", 0, "Everybody has 30 days."),
        ("item", 0, "ask two weeks ahead"), ("heading", 2, "Part time"), ("table", 0, "days | who\n30 | all"),
    ]  # fmt: skip


def test_without_properties_the_first_heading_is_the_title() -> None:
    assert read_docx(FOLDER / "leave-policy.docx").title == "Northmoor Ltd: leave and absence"


def test_refuses_what_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b"\0" * 210_000_000)
    with pytest.raises(VisavisError) as refused:
        read_docx(path)
    assert refused.value.code == "knowledge.too_large"


@pytest.mark.parametrize("part", ["word/document.xml", "[Content_Types].xml"])
def test_refuses_wrecks(tmp_path: Path, part: str) -> None:
    whole = docx([("Normal", "words")], tmp_path / "whole.docx")
    path = tmp_path / "wreck.docx"
    with zipfile.ZipFile(whole) as good, zipfile.ZipFile(path, "w") as broken:
        for name in good.namelist():
            if name != part:
                broken.writestr(name, good.read(name))
    with pytest.raises(VisavisError) as refused:
        read_docx(path)
    assert refused.value.code == "knowledge.unreadable"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    whole = docx([("Normal", "words")], tmp_path / "whole.docx")
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    prologue = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd">{levels}]>'
    path = tmp_path / "laughs.docx"
    with zipfile.ZipFile(whole) as good, zipfile.ZipFile(path, "w") as broken:
        for name in good.namelist():
            data = good.read(name).decode() if name == "word/document.xml" else ""
            if data:
                body = data[data.index("<w:document") :].replace("words", "words &l11; &f;")
                broken.writestr(name, prologue + body)
            else:
                broken.writestr(name, good.read(name))
    try:
        said = " ".join(block.text for block in read_docx(path).blocks)
    except VisavisError as error:
        assert error.code == "knowledge.unreadable"
    else:
        assert len(said) < 100 and "root:" not in said
