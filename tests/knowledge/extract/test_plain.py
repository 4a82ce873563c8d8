"""Plain text in many encodings."""

from __future__ import annotations

import pytest

from visavis.knowledge.extract.plain import joined, read_plain

STORY = "La biblioteca de la ciudad abre de lunes a sábado. El carné es gratuito para los niños y las niñas. " * 4
CHINESE = "图书馆每天上午九点开门，周一闭馆。借书证免费办理，每次最多可以借十本书，借期为三十天。" * 6


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_spanish_in_many_encodings(encoding: str) -> None:
    [block] = read_plain(STORY.encode(encoding)).blocks
    assert block.text == STORY.strip()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_chinese_in_many_encodings(encoding: str) -> None:
    [block] = read_plain(CHINESE.encode(encoding)).blocks
    assert block.text == CHINESE


def test_titles_underlines_items_and_wrapped_lines() -> None:
    text = "Bread\n\nFor two loaves\nyou need:\n- flour\n- water\n  and salt\n1) time\n\nMethod\n------\nMix it.\n"
    extract = read_plain(text.encode())
    assert extract.title == "Bread"
    assert [(block.kind, block.level, block.text) for block in extract.blocks] == [
        ("heading", 1, "Bread"), ("text", 0, "For two loaves you need:"), ("item", 0, "- flour"),
        ("item", 0, "- water and salt"), ("item", 0, "1) time"), ("heading", 2, "Method"), ("text", 0, "Mix it."),
    ]  # fmt: skip


def test_chinese_lines_are_joined_without_a_blank() -> None:
    assert joined(["图书馆每天", "九点开门"]) == "图书馆每天九点开门"
    assert joined(["use Python", "每天"]) == "use Python 每天"
