from __future__ import annotations

from pathlib import Path

from visavis.studio import seal


def test_a_seal_holds_until_a_byte_changes(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    data = bytes(range(256)) * 9000  # more than one piece of reading
    path.write_bytes(data)
    assert not seal.holds(path)
    seal.close(path)
    sealed = path.read_bytes()
    assert seal.holds(path) and sealed.startswith(data)
    for place in (0, len(data) // 2, len(data) - 1, len(data) + 3, len(sealed) - 1):
        broken = bytearray(sealed)
        broken[place] ^= 1
        path.write_bytes(broken)
        assert not seal.holds(path)
    for other in (sealed[:-1], sealed + b"\0", sealed[1:], b""):
        path.write_bytes(other)
        assert not seal.holds(path)
