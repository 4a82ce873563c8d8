"""The one error that crosses layers: a stable code and a sentence a person can act on."""

from __future__ import annotations


class VisavisError(Exception):
    """A failure with a stable code.

    `code` is dotted and lower case, part and problem (`stt.unavailable`, `weights.corrupt`); clients and tests
    rely on it. `message` is one sentence that says what happened and what to do; it never holds what a user said.
    `retryable` says that the same call may succeed later.
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable

    def __repr__(self) -> str:
        return f"VisavisError({self.code!r}, {self.message!r})"
