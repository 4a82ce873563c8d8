"""Passages follow the structure of a document."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from visavis.knowledge.chunking import Cuts, cut, weight
from visavis.knowledge.extract.block import Block, BlockKind

CUTS = Cuts(target=100, longest=150, shortest=30, overlap=40)
SENTENCE = "The gate opens at nine every day."


def test_never_across_headings_and_the_path_of_headings_is_kept() -> None:
    blocks = [
        Block("text", "Before all."), Block("heading", "Zoo", 1), Block("heading", "Opening", 2),
        Block("text", SENTENCE, page=3), Block("heading", "Prices", 2), Block("text", "Six euro."),
        Block("heading", "Shop", 1), Block("text", "Toys."),
    ]  # fmt: skip
    text, pieces = cut(blocks, CUTS)
    assert [(text[one.start : one.end], one.heading, one.page) for one in pieces] == [
        ("Before all.", "", None), (SENTENCE, "Zoo › Opening", 3), ("Six euro.", "Zoo › Prices", None),
        ("Toys.", "Shop", None),
    ]  # fmt: skip


def test_short_blocks_are_put_together_and_a_short_rest_stays() -> None:
    blocks = [Block("text", "To bake bread you need:"), *(Block("item", f"thing number {n}") for n in range(9))]
    text, pieces = cut(blocks, CUTS)
    said = [text[one.start : one.end] for one in pieces]
    assert said[0].startswith("To bake bread you need:\n\nthing number 0\nthing number 1")
    assert "".join(said).count("thing number") == 9
    assert all(len(one) >= 30 for one in said)


def test_a_long_paragraph_is_cut_between_sentences_with_one_of_them_twice() -> None:
    text, pieces = cut([Block("text", " ".join([SENTENCE] * 12))], CUTS)
    assert all(text[one.start : one.end].startswith("The gate") for one in pieces)
    assert all(text[one.start : one.end].endswith("day.") for one in pieces)
    assert all(second.start < first.end for first, second in pairwise(pieces))


def test_chinese_is_cut_after_its_own_full_stops() -> None:
    text, pieces = cut([Block("text", "动物园每天上午九点开门。" * 20)], CUTS)
    assert len(pieces) > 3
    assert all(text[one.start : one.end].endswith("。") for one in pieces)


def test_nothing_but_headings_is_one_passage() -> None:
    text, [piece] = cut([Block("heading", "Closed today", 1)], CUTS)
    assert text[piece.start : piece.end] == "Closed today"
    assert cut([], CUTS) == ("", ())


kinds: st.SearchStrategy[BlockKind] = st.sampled_from(["text", "text", "item", "table", "heading"])
texts = st.text(alphabet=st.sampled_from("ab .,。园！\n|"), min_size=1, max_size=400).filter(
    lambda text: bool(text.strip())
)


@given(st.lists(st.builds(Block, kinds, texts.map(str.strip), st.integers(1, 3), st.integers(1, 9)), max_size=8))
def test_passages_are_parts_of_the_text_within_bounds_and_cover_every_word(blocks: list[Block]) -> None:
    text, pieces = cut(blocks, CUTS)
    covered = [False] * len(text)
    for piece in pieces:
        words = text[piece.start : piece.end]
        assert words and words == words.strip()
        assert weight(words) <= 1.25 * CUTS.longest + 3 * len(blocks)
        covered[piece.start : piece.end] = [True] * (piece.end - piece.start)
    start = 0
    for block in blocks:
        start = text.index(block.text, start)
        if block.kind != "heading":
            missing = [text[i] for i in range(start, start + len(block.text)) if not covered[i]]
            assert all(character.isspace() for character in missing)
        start += len(block.text)
