"""Cuts a document into passages along its structure: never across headings, between blocks if it can be, else between
sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from visavis.knowledge.extract.block import Block

_SENTENCE: Final = re.compile(r"[^.!?…。！？；;\n]*(?:[.!?…]+[\"'”’»)\]]*(?:\s+|$)|[。！？；;]+[”’」』）】]*\s*|\n|$)")
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]")
_WIDE_WEIGHT: Final = 2.7
"""How many letters a Chinese character counts for: e5 makes about 0.68 tokens of one, 0.25 of a letter."""
JOINT: Final = " › "
"""Between the headings of a path."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """How long passages are, in letters (a Chinese character counts for 2.7): about `target`, never more than
    `longest`; a rest shorter than `shortest` stays with the passage before it. A passage that was cut inside a
    paragraph begins with the last sentence of the one before, if that has no more than `overlap`."""

    target: int = 600
    longest: int = 900
    shortest: int = 140
    overlap: int = 160


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage: where it lies in the text, on which page it begins, and the path of headings above it."""

    start: int
    end: int
    page: int | None
    heading: str


@dataclass(frozen=True, slots=True)
class _Span:
    """A block, or a sentence of one that is too long; `inner` when it continues the block of the span before."""

    start: int
    end: int
    page: int | None
    weight: float
    inner: bool = False


def cut(blocks: Sequence[Block], cuts: Cuts | None = None) -> tuple[str, tuple[Piece, ...]]:
    """The document's text, and the passages it falls into, in order; each is a part of that text."""
    cuts = cuts or Cuts()
    text, places = _joined(blocks)
    pieces: list[Piece] = []
    path: list[tuple[int, str]] = []
    section: list[_Span] = []
    for block, start in zip(blocks, places, strict=True):
        if block.kind != "heading":
            section.extend(_spans(block, start, cuts.longest))
            continue
        pieces.extend(_packed(section, path, cuts))
        section = []
        path = [entry for entry in path if entry[0] < block.level]
        path.append((block.level, block.text))
    pieces.extend(_packed(section, path, cuts))
    if not pieces and text:  # nothing but headings
        pieces = [Piece(0, len(text), blocks[0].page, "")]
    return text, tuple(pieces)


def weight(text: str) -> float:
    """The length of a text in letters."""
    wide = len(_WIDE.findall(text))
    return len(text) - wide + _WIDE_WEIGHT * wide


def _joined(blocks: Sequence[Block]) -> tuple[str, list[int]]:
    """All blocks as one text, and where each begins; items of a list stand on lines of their own."""
    parts, places, length = [], [], 0
    for index, block in enumerate(blocks):
        if index:
            gap = "\n" if block.kind == "item" and blocks[index - 1].kind == "item" else "\n\n"
            parts.append(gap)
            length += len(gap)
        places.append(length)
        parts.append(block.text)
        length += len(block.text)
    return "".join(parts), places


def _spans(block: Block, start: int, longest: int) -> Iterator[_Span]:
    """The block, or its sentences where it is too long; their ends leave out blanks."""
    if weight(block.text) <= longest:
        yield _Span(start, start + len(block.text), block.page, weight(block.text))
        return
    inner = False
    for first, last in _sentences(block.text, longest):
        sentence = block.text[first:last].strip()
        if sentence:
            begin = start + block.text.index(sentence, first)
            yield _Span(begin, begin + len(sentence), block.page, weight(sentence), inner)
            inner = True


def _sentences(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Sentences, and parts of those that are too long themselves."""
    for match in _SENTENCE.finditer(text):
        first, last = match.span()
        while weight(text[first:last]) > longest:
            end = first + _fitting(text[first:last], longest)
            yield first, end
            first = end
        if first < last:
            yield first, last


def _fitting(text: str, longest: int) -> int:
    """How much of a text's begin is short enough; it ends after a word if it can."""
    end = longest if not _WIDE.search(text[:longest]) else int(longest / _WIDE_WEIGHT)
    blank = max(text.rfind(mark, end // 2, end) for mark in " ,，、|")
    return blank + 1 if blank > 0 else end


def _packed(spans: Sequence[_Span], path: Iterable[tuple[int, str]], cuts: Cuts) -> Iterator[Piece]:
    """Spans of one section together, up to the target."""
    groups: list[list[_Span]] = []
    for span in spans:
        held = groups[-1] if groups else []
        filled = sum(one.weight for one in held)
        if held and filled < cuts.target and filled + span.weight <= cuts.longest:
            held.append(span)
        else:
            groups.append([*_overlap(held, span, cuts), span])
    if len(groups) > 1:
        rest, before = (sum(one.weight for one in group) for group in (groups[-1], groups[-2]))
        if rest < cuts.shortest and rest + before <= 1.25 * cuts.longest:
            last = groups.pop()
            groups[-1].extend(last)
    heading = JOINT.join(text for _, text in path)
    for group in groups:
        yield Piece(group[0].start, group[-1].end, group[0].page, heading)


def _overlap(before: Sequence[_Span], span: _Span, cuts: Cuts) -> list[_Span]:
    """The sentence that leads over to one inside a paragraph."""
    fits = before and before[-1].weight <= cuts.overlap and before[-1].weight + span.weight <= cuts.longest
    return [before[-1]] if span.inner and fits else []
