"""Sends fuzzed messages to a WebSocket door and sees that it goes on: every batch ends with one whose answer is
known."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Any, Final, Self

from hypothesis.strategies import SearchStrategy
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bench.fuzzing.messages import advisor_messages, assistant_messages, messages, realtime_events, recording

PATIENCE: Final = 60.0
"""Seconds after which a door that has not answered is taken to hang."""

_BATCHES: Final = 20
"""After so many a new connection is made: a conversation is kept whole while it goes on."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where to connect, what is `sent`, the messages that end batch `n`, and how the answer to these is known; `share`
    of all messages go here."""

    path: str
    sent: SearchStrategy[str | bytes]
    last: Callable[[int], Sequence[str | bytes]]
    answers: Callable[[dict[str, Any], int], bool]
    share: float


def _refusal(event: dict[str, Any], number: int) -> bool:
    return event.get("type") == "error" and event["error"]["event_id"] == f"last-{number}"


def _echo(event: dict[str, Any], number: int) -> bool:
    """The fake language model says what it is told."""
    return f"Number {number}." in (event.get("text") or "")


def _heard(event: dict[str, Any], number: int) -> bool:
    return event.get("transcription") == f"Number {number}."


def _end_stream() -> str:
    return json.dumps({"type": "end_stream"})


DOORS: Final[dict[str, Door]] = {
    "/v1/realtime": Door(
        "/v1/realtime?model=open",
        messages(realtime_events()),
        lambda number: [json.dumps({"type": "no.such.event", "event_id": f"last-{number}"})],
        _refusal,
        0.8,
    ),
    "/api/v1/ws": Door(
        "/api/v1/ws?persona=open",
        messages(advisor_messages()),
        lambda number: [json.dumps({"type": "text", "text": f"Number {number}."})],
        _echo,
        0.1,
    ),
    "/ws": Door(
        "/ws?persona=open",
        assistant_messages(),
        lambda number: [_end_stream(), recording(f"Number {number}."), _end_stream()],
        _heard,
        0.1,
    ),
}
"""Every WebSocket door."""


class Fuzzed:
    """One door at a time, over connections that are made anew now and then."""

    def __init__(self, address: str, door: Door) -> None:
        """`address` is the server's, `ws://HOST:PORT`."""
        self._address = address
        self._door = door
        self._open = ExitStack()
        self._socket: ClientConnection | None = None
        self._numbers = count()
        self._batches = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, batch: Sequence[str | bytes]) -> None:
        """Sends a batch and waits until all of it was read.

        Raises AssertionError when the door closes, or what comes back is no JSON; TimeoutError when nothing comes.
        """
        socket, number = self._connected(), next(self._numbers)
        try:
            for message in (*batch, *self._door.last(number)):
                socket.send(message)
            while True:
                got = socket.recv(timeout=PATIENCE)
                if isinstance(got, str) and self._door.answers(json.loads(got, parse_constant=_no_json), number):
                    break
        except ConnectionClosed as closed:
            self._hang_up()
            raise AssertionError(f"the door closed with {closed.rcvd} after {batch!r}") from closed
        self._batches += 1
        if self._batches % _BATCHES == 0:
            self._hang_up()

    def _connected(self) -> ClientConnection:
        if self._socket is None:
            address = f"{self._address}{self._door.path}"
            self._socket = self._open.enter_context(connect(address, max_size=None, proxy=None, open_timeout=30))
        return self._socket

    def _hang_up(self) -> None:
        self._open.close()
        self._socket = None


def _no_json(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON, but was sent")
