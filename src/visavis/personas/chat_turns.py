"""How a made-up turn of a chat looks, in a document as in what a person says: the marks that models are trained on."""

from __future__ import annotations

from typing import Final

_END: Final = r"(?:{close}|\n\s*\n|$)"


def _until(opened: str, closed: str) -> str:
    return rf"{opened}.*?{_END.format(close=closed)}"


MARK: Final = r"<\|[^|<>]{0,40}\|>"
"""A single mark."""
TURN: Final = "|".join(
    (
        _until(r"<\|im_start\|>\s*(?:system|user|assistant|tool)\b", r"<\|im_end\|>"),
        r"<\|im_start\|>[^<]*<\|im_end\|>",
        _until(r"\[INST\]", r"\[/INST\]"),
        _until("<<SYS>>", "<</SYS>>"),
    )
)
"""A whole turn with what is said in it, up to its end or to an empty line. For `re.IGNORECASE | re.DOTALL`."""
