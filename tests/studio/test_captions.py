import re
import time
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.speech import Word
from visavis.studio.captions import CaptionLine, CaptionPainter, caption_lines, srt, vtt
from visavis.studio.line_breaks import cells

ENGLISH = (
    "Hello, I'm Genevieve. I was drawn from a single portrait, and everything you see moving, the eyes, the lips and "
    "the head, is computed on an ordinary laptop. It takes less time than you might think."
)
SPANISH = (
    "¿Cómo estás? Se recomienda enfáticamente a los viajeros que se informen sobre cualquier riesgo de clima extremo "
    "en el área que visitan, dado que ello puede afectar sus planes de viaje."
)
CHINESE = (
    "你好，|我|是|吉纳维芙。|我|会|说“|中文”、|英文|和|西班牙文，|"
    "所有|的|动作|都|是|在|普通|的|笔记本|电脑|上|计算|出来|的。"
)


def spoken(text: str, pause: float = 0.3) -> list[Word]:
    """The words of a text (Chinese ones parted by |) at 15 letters a second, with a pause after every sentence."""
    plain = text.replace("|", "")
    words, at, place = [], 0.2, 0
    for token in re.findall(r"[^\s|]+", text):
        place = plain.index(token, place)
        length = cells(token) / 15
        words.append(Word(token, at, at + length, place))
        at += length + (pause if token[-1] in ".?!。" else 0.0)
        place += len(token)
    return words


def shown(line: CaptionLine) -> str:
    return line.text.replace("\n", " ")


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (SPANISH, "es"), (CHINESE, "zh")])
def test_lines(text: str, language: Language) -> None:
    words = spoken(text)
    lines = caption_lines(words, language)
    assert len(lines) >= 3
    for line in lines:
        rows = line.text.split("\n")
        assert len(rows) <= 2 and all(0 < cells(row) <= 32 for row in rows)
        assert 1.0 <= line.end - line.start <= 7.5
    assert all(line.end <= after.start for line, after in pairwise(lines))
    assert all(any(line.start <= word.start < line.end for line in lines) for word in words)
    joint = "" if language == "zh" else " "
    said = joint.join(line.text.replace("\n", joint) for line in lines)
    if language == "zh":  # no commas and full stops at the ends of rows
        assert re.sub(r"[，。、]", "", said) == re.sub(r"[，。、]", "", text.replace("|", ""))
        assert not any(line.text.endswith(("，", "。")) for line in lines)
    else:
        assert said == text


def test_breaks_fall_between_sentences_and_clauses() -> None:
    texts = [shown(line) for line in caption_lines(spoken(ENGLISH), "en")]
    assert texts[0] == "Hello, I'm Genevieve."
    assert sum(text.endswith((".", ",")) for text in texts) >= len(texts) - 1
    chinese = [line.text for line in caption_lines(spoken(CHINESE), "zh")]
    assert chinese[0] == "你好，我是吉纳维芙"
    # An opening mark goes with what it opens, a closing one with what it closes.
    assert not any(
        row.endswith(("“", "《")) or row.startswith(("”", "，", "。")) for text in chinese for row in text.split("\n")
    )


def test_a_pause_parts_captions() -> None:
    words = [Word("one", 0.0, 0.4, 0), Word("two", 0.5, 0.9, 4), Word("three", 4.0, 4.5, 8), Word("four", 4.6, 5.0, 14)]
    assert caption_lines(words, "en") == (CaptionLine("one two", 0.0, 1.3), CaptionLine("three four", 4.0, 5.4))


def test_words_of_joined_sentences_and_strange_words() -> None:
    # Sentences synthesised one by one are joined without a space; Latin words in Chinese keep theirs.
    joined = [
        Word("Yes.", 0.0, 0.3, 0),
        Word("No.", 0.4, 0.7, 4),
        Word("well-", 0.8, 1.0, 8),
        Word("known", 1.0, 1.3, 13),
    ]
    assert " ".join(shown(line) for line in caption_lines(joined, "en")) == "Yes. No. well-known"
    mixed = [Word("用", 0.0, 0.3, 0), Word("Python", 0.3, 0.9, 2), Word("写", 0.9, 1.2, 9), Word("《", 1.2, 1.2, 10)]
    mixed.append(Word("书》", 1.2, 1.6, 11))
    assert [line.text for line in caption_lines(mixed, "zh")] == ["用 Python 写《书》"]
    endless = "a" * 75
    [line] = caption_lines([Word(endless, 0.0, 3.0, 0)], "en")
    assert line.text.split("\n") == ["a" * 32, "a" * 32, "a" * 11]
    assert caption_lines([], "en") == () == caption_lines([Word(" ", 0.0, 1.0, 0)], "zh")


def test_ten_minutes_take_a_moment() -> None:
    text = "所有的动作都是在普通的笔记本电脑上计算出来的，因此没有什么可以怕的。" * 90
    words = [Word(mark, 0.2 * place, 0.2 * place + 0.18, place) for place, mark in enumerate(text)]
    begin = time.process_time()
    assert len(caption_lines(words, "zh")) > 100
    assert time.process_time() - begin < 5


def test_files() -> None:
    lines = [CaptionLine("Tom & <Ann>\n--> go", 0.0, 1.2345), CaptionLine("第二行", 3661.5, 3662.0)]
    assert srt(lines) == (
        "1\n00:00:00,000 --> 00:00:01,234\nTom & <Ann>\n→ go\n\n2\n01:01:01,500 --> 01:01:02,000\n第二行\n"
    )
    assert vtt(lines) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.234\nTom &amp; &lt;Ann&gt;\n--&gt; go\n\n"
        "01:01:01.500 --> 01:01:02.000\n第二行\n"
    )
    assert (srt([]), vtt([])) == ("", "WEBVTT\n")


def ground(size: int, level: int = 120, channels: int = 3) -> NDArray[np.uint8]:
    return np.full((size, size, channels), level, np.uint8)


@pytest.mark.parametrize("size", [256, 512, 1080])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Everything you see moving\nis computed here.", "en"),
        ("¿Qué año? ¡Mañana!", "es"),
        ("所有的动作都是在普通的笔记本电脑\n上计算出来的", "zh"),
    ],
)
def test_painted(size: int, text: str, language: Language) -> None:
    frame = ground(size)
    painter = CaptionPainter(size, language)
    painted = painter.paint(frame, text)
    assert (frame == 120).all() and painted.shape == frame.shape
    assert np.array_equal(painted, painter.paint(frame, text))
    assert np.array_equal(painted, CaptionPainter(size, language).paint(frame, text))
    touched = np.flatnonzero(np.any(painted != 120, axis=(1, 2)))
    assert touched[0] > 0.75 * size and touched[-1] < 0.99 * size
    white = (painted > 250).all(axis=2)
    rows, columns = np.flatnonzero(np.any(white, axis=1)), np.flatnonzero(np.any(white, axis=0))
    assert rows[-1] < 0.96 * size
    assert columns[0] >= 0.05 * size and columns[-1] < 0.95 * size
    assert abs(columns[0] + columns[-1] - size) < 0.02 * size  # in the middle
    assert painted.min() < 50  # a dark edge: to be read on white, too
    assert np.array_equal(painter.paint(frame, " "), frame)


def letters(text: str, language: Language = "zh") -> bytes:
    return CaptionPainter(256, language).paint(ground(256, 0), text).tobytes()


def test_every_script_has_shapes_of_its_own() -> None:
    scripts: list[tuple[Language, str]] = [
        ("zh", "你好世界龙龜国學，。《“"),
        ("es", "ñÑáéíóúü¿¡«»"),
        ("en", "abcXYZ’“…—1&"),
    ]
    for language, marks in scripts:
        assert len({letters(mark, language) for mark in marks}) == len(marks), language
    # What the font cannot draw is left out rather than drawn as a box, and accents may come apart.
    assert letters("Hola 😀 tú", "es") == letters("Hola tu\u0301", "es")
    assert letters("don’t", "zh") == letters("don't", "zh")


def test_a_row_too_wide_is_drawn_smaller() -> None:
    painted = CaptionPainter(256, "en").paint(ground(256), "WWWWWWWWWWWWWWWWWWWWWWWW")
    columns = np.flatnonzero(np.any(painted.min(axis=2) > 240, axis=0))
    assert columns[0] >= 10 and columns[-1] < 246


def test_painted_on_nothing() -> None:
    clear = ground(256, 0, 4)
    painted = CaptionPainter(256, "en").paint(clear, "Hello")
    assert painted[..., 3].max() == 255
    solid = painted[..., 3] == 255
    assert painted[solid].max() == 255 and (painted[:128] == 0).all()
    # Over grey, the transparent picture looks as the painted grey one does.
    over = painted[..., :3] * (painted[..., 3:] / 255) + 120 * (1 - painted[..., 3:] / 255)
    direct = CaptionPainter(256, "en").paint(ground(256), "Hello")
    assert np.abs(over - direct).max() < 3
