"""A checksum at the end of a signed MP4, over every byte before it.

C2PA signs the picture, the sound and what is said about them, but not the file's type box, its paddings, or boxes of
free space that are added later. The seal covers those too. It is no signature: it shows damage, not malice.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

_MARK: Final = b"visavis sha256 "
_LENGTH: Final = 8 + len(_MARK) + 32
_HEAD: Final = _LENGTH.to_bytes(4, "big") + b"free" + _MARK
"""A box of free space, which players skip."""

_PIECE: Final = 1 << 20


def close(video: Path) -> None:
    """Appends the checksum of what is there."""
    with video.open("r+b") as file:
        size = file.seek(0, 2)
        digest = _digest(video, size)
        file.write(_HEAD + digest)


def holds(video: Path) -> bool:
    """Whether the file ends with the checksum of all that comes before. Raises OSError."""
    size = video.stat().st_size - _LENGTH
    if size < 0:
        return False
    with video.open("rb") as file:
        file.seek(size)
        return file.read() == _HEAD + _digest(video, size)


def _digest(video: Path, size: int) -> bytes:
    """SHA-256 of the first `size` bytes."""
    found = sha256()
    with video.open("rb") as file:
        while size > 0 and (piece := file.read(min(size, _PIECE))):
            found.update(piece)
            size -= len(piece)
    return found.digest()
