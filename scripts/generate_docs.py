"""Writes the reference pages of `docs/` from the code; `--check` only says whether they are up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from visavis.engines.registry import Registry
from visavis.server.reference import pages

DOCS = Path(__file__).parent.parent / "docs"


def main(arguments: list[str]) -> int:
    """Writes, or with `--check` compares; returns 1 when a page is out of date."""
    stale = []
    for name, text in pages(Registry()).items():
        path = DOCS / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
    if stale and "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run scripts/generate_docs.py.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
