"""PDF: paragraphs from lines, headings by size, running heads left out, passages found again on the page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.knowledge.paper import HEIGHT, WIDTH, Line, paragraph, pdf
from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import cleaned
from visavis.knowledge.extract.page_picture import draw_page
from visavis.knowledge.extract.pdf import read_pdf


def manual(path: Path) -> Path:
    """Four pages with running heads and feet."""
    pages = [
        [
            Line("ACME Toaster Manual", 40, 9),
            Line(f"Chapter {number}", 90, 18),
            *paragraph([f"The lever of model {number} locks when bread is in, and", "rises when it is done."], 130),
            *paragraph(["Unplug the toaster before you", "clean it."], 190),
            Line(f"Page {number} of 4", 810, 9),
        ]
        for number in range(1, 5)
    ]
    return pdf(pages, path)


def test_paragraphs_headings_and_pages(tmp_path: Path) -> None:
    extract = read_pdf(manual(tmp_path / "a.pdf"), 10)
    blocks = list(cleaned(extract.blocks, 10_000))
    assert (extract.title, extract.pages) == ("Chapter 1", 4)
    assert [(block.kind, block.text, block.page) for block in blocks[:6]] == [
        ("heading", "Chapter 1", 1),
        ("text", "The lever of model 1 locks when bread is in, and rises when it is done.", 1),
        ("text", "Unplug the toaster before you clean it.", 1),
        ("heading", "Chapter 2", 2),
        ("text", "The lever of model 2 locks when bread is in, and rises when it is done.", 2),
        ("text", "Unplug the toaster before you clean it.", 2),
    ]
    assert not any("ACME" in block.text or "Page" in block.text for block in blocks)


def test_a_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    first = [*paragraph(["Warm the milk until small bubbles rise at the", "edge of the pan, take it off"], 700)]
    second = paragraph(["the heat, and let it cool.", "Then add the yeast to the milk."], 80)
    blocks = read_pdf(pdf([first, second], tmp_path / "a.pdf"), 10).blocks
    assert blocks[0].page == 1 and "take it off the heat" in blocks[0].text


def test_bold_lines_among_plain_ones_are_headings(tmp_path: Path) -> None:
    page = [
        Line("Guarantee", 80, 11, font="Helvetica-Bold"),
        *paragraph(["The guarantee lasts two years from the day on which it was bought."], 100),
        Line("Returns", 140, 11, font="Helvetica-Bold"),
        *paragraph(["Send it back within thirty days, with the bill and in its own box."], 160),
    ]
    kinds = [(block.kind, block.text.split()[0]) for block in read_pdf(pdf([page], tmp_path / "a.pdf"), 9).blocks]
    assert kinds == [("heading", "Guarantee"), ("text", "The"), ("heading", "Returns"), ("text", "Send")]


def test_too_many_pages(tmp_path: Path) -> None:
    with pytest.raises(VisavisError) as refused:
        read_pdf(manual(tmp_path / "a.pdf"), 3)
    assert refused.value.code == "knowledge.too_large"


NO_PAGES = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", NO_PAGES, b"%PDF-1.4 " + bytes(range(256)) * 40])
def test_refuses_wrecks(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(VisavisError) as refused:
        assert not read_pdf(path, 10).blocks
        raise VisavisError("knowledge.unreadable", "nothing in it")
    assert refused.value.code == "knowledge.unreadable"


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def marked(data: bytes) -> np.ndarray:
    """Rows from the top, in points, that hold the colour of the marker."""
    picture = pixels(data)
    yellow = (picture[..., 0] > 200) & (picture[..., 2] < 180)
    rows = np.nonzero(yellow.sum(axis=1) > 20)[0]
    return np.asarray(np.unique(rows) * HEIGHT / picture.shape[0])


def test_a_passage_is_marked_where_it_stands(tmp_path: Path) -> None:
    path = manual(tmp_path / "a.pdf")
    plain = draw_page(path, 2, "")
    assert len(marked(plain)) == 0
    assert pixels(plain).shape[1] == 1100 and abs(pixels(plain).shape[0] - 1100 * HEIGHT / WIDTH) < 2
    rows = marked(draw_page(path, 2, "The lever of model 2 locks when bread is in, and rises when it is done."))
    assert 115 < rows.min() < 130 and 140 < rows.max() < 155
    assert len(marked(draw_page(path, 3, "The lever of model 2 locks when bread is in, and jumps out."))) == 0


def test_a_passage_over_two_pages_is_marked_on_both(tmp_path: Path) -> None:
    first = [*paragraph(["Soak the beans over night in cold water. Pour the", "water off in the morning."], 700)]
    second = paragraph(["Boil them for an hour without any salt."], 80)
    path = pdf([first, second], tmp_path / "a.pdf")
    passage = "Soak the beans over night in cold water. Pour the water off in the morning. " \
              "Boil them for an hour without any salt."  # fmt: skip
    assert marked(draw_page(path, 1, passage)).min() > 680
    assert marked(draw_page(path, 2, passage)).max() < 90


def test_a_page_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VisavisError) as refused:
        draw_page(manual(tmp_path / "a.pdf"), 5, "")
    assert refused.value.code == "knowledge.unknown"
