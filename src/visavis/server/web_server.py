"""The HTTP server below the app, set up so that nobody can hold a connection by doing nothing."""

from __future__ import annotations

import asyncio
import struct
from functools import partial
from typing import Any, Final

import uvicorn
from h11 import IDLE, SEND_BODY
from starlette.types import ASGIApp
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN

from visavis.settings import ServerSettings

try:  # compiled, where the platform has it: 0.4 µs for a packet of sound instead of 11
    from websockets.speedups import apply_mask
except ImportError:
    from websockets.utils import apply_mask

_FAREWELL: Final = 3
"""Seconds that a download, or whoever watches a job, gets when the server ends."""

_AHEAD: Final = 32
_LONG: Final = 2**16
"""WebSocket messages that are read before the app takes one; one that has so many bytes is the last of them."""

_TEXT: Final = 0x81
_MASKED: Final = 0x80
_TWO_BYTES: Final = 126
_HEAD: Final = 8
"""RFC 6455: the first byte of a whole text, the bit of a mask, the length that says that two bytes of it follow (one
more: eight); and the bytes that a frame has at least of which the whole head can be read."""


class Deadline:
    """Closes a connection unless it is called off in time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None

    def start(self, transport: asyncio.Transport) -> None:
        """From now on it runs; it goes on where it runs already."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, transport.abort)

    def stop(self) -> None:
        """Calls it off."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class PatientHTTP(H11Protocol):
    """uvicorn's HTTP, which alone would wait for the end of a request's head, and for room to write, for ever.

    uvicorn offers nothing but a subclass to say so.
    """

    def __init__(self, *arguments: Any, patience: float, **named: Any) -> None:
        """`patience` is in seconds: for the whole head of a request, for the rest of a body that was answered before
        its end, and for a reader to make room."""
        super().__init__(*arguments, **named)
        self._head, self._rest, self._room = Deadline(patience), Deadline(patience), Deadline(patience)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there; a request should follow."""
        super().connection_made(transport)
        self._head.start(transport)

    def data_received(self, data: bytes) -> None:
        """More came; the deadline runs from the first byte of a head to its last."""
        super().data_received(data)
        if self.conn.their_state is IDLE:
            self._head.start(self.transport)
        else:
            self._head.stop()
        if self.conn.their_state is not SEND_BODY:
            self._rest.stop()

    def on_response_complete(self) -> None:
        """The answer is out; what is still sent of the body is dropped, but not for ever."""
        super().on_response_complete()
        if self.conn.their_state is SEND_BODY:
            self._rest.start(self.transport)

    def pause_writing(self) -> None:
        """The reader is behind."""
        super().pause_writing()
        self._room.start(self.transport)

    def resume_writing(self) -> None:
        """The reader caught up."""
        super().resume_writing()
        self._room.stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        for one in (self._head, self._rest, self._room):
            one.stop()
        super().connection_lost(exc)


class PatientWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which alone would wait for a reader to make room for as long as it answers pings, log an
    error for everybody who is turned away, stop reading and go on at each message, which costs more than the message,
    and hang up on people whose answer to a ping lies behind what it has not read yet."""

    def __init__(self, *arguments: Any, patience: float, **named: Any) -> None:
        """`patience` is in seconds."""
        super().__init__(*arguments, **named)
        self._room = Deadline(patience)
        self._heard = False
        self._most = self.config.ws_max_size

    def data_received(self, data: bytes) -> None:
        """Whatever comes shows that somebody is there. Whole short texts, as nearly all messages are, are taken here;
        the library's parser, which costs several times as much, reads everything else."""
        self._heard = True
        at = 0
        while (text := self._short_text(data, at)) is not None:
            at += text[0]
            self.curr_msg_data_type = "text"
            self.frames = [text[1]]
            self.send_receive_event_to_app()
        if at < len(data):
            super().data_received(data[at:] if at else data)

    def _short_text(self, data: bytes, at: int) -> tuple[int, bytes] | None:
        """The message that one frame at `at` holds, with the frame's length; None where the library has to look."""
        conn = self.conn
        if len(data) - at < _HEAD or data[at] != _TEXT or conn.state is not OPEN:
            return None
        if conn.reader.buffer or conn.current_size is not None or self.close_sent:
            return None
        length, mask = data[at + 1] - _MASKED, at + 2
        if length == _TWO_BYTES:
            length, mask = data[at + 2] << 8 | data[at + 3], at + 4
        end = mask + 4 + length
        if not 0 <= length < _LONG or data[at + 1] > _MASKED + _TWO_BYTES or end > len(data) or length > self._most:
            return None
        return end - at, apply_mask(data[mask + 4 : end], data[mask : mask + 4])

    def send_receive_event_to_app(self) -> None:
        """Passes a message on, and reads on while only a few wait."""
        paused, self.read_paused = self.read_paused, True
        full = self.queue.qsize() >= _AHEAD or sum(map(len, self.frames)) >= _LONG
        super().send_receive_event_to_app()
        self.read_paused = paused
        if full and not paused and not self.close_sent:
            self.read_paused = True
            self.transport.pause_reading()

    def send_keepalive_ping(self) -> None:
        """Asks whether anybody is there."""
        self._heard = False
        super().send_keepalive_ping()

    def keepalive_timeout(self) -> None:
        """No answer came: nobody is there, unless they sent something else, or we do not read."""
        if self._heard or self.read_paused:
            self.pong_timer = self.pending_ping_payload = None
            self.schedule_ping()
        else:
            super().keepalive_timeout()

    async def send(self, message: ASGISendEvent) -> None:
        """Sends; a handshake that is refused with an answer is over with it. A text becomes a frame right here."""
        text = message.get("text")
        if text is not None and self.conn.state is OPEN and self.handshake_complete and not self.close_sent:
            await self.writable.wait()
            if self.conn.state is OPEN and not self.disconnected and not self.close_sent:
                self._write(str(text).encode())
                return
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True

    def _write(self, text: bytes) -> None:
        size = len(text)
        if size < _TWO_BYTES:
            head = bytes((_TEXT, size))
        elif size < _LONG:
            head = struct.pack("!BBH", _TEXT, _TWO_BYTES, size)
        else:
            head = struct.pack("!BBQ", _TEXT, _TWO_BYTES + 1, size)
        self.transport.write(head + text)

    def pause_writing(self) -> None:
        """The reader is behind."""
        super().pause_writing()
        self._room.start(self.transport)

    def resume_writing(self) -> None:
        """The reader caught up."""
        super().resume_writing()
        self._room.stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._room.stop()
        super().connection_lost(exc)


def web_config(app: ASGIApp, settings: ServerSettings, **others: Any) -> uvicorn.Config:
    """How uvicorn is to serve the app; `others` are uvicorn's own."""
    return uvicorn.Config(
        app,
        http=partial(PatientHTTP, patience=settings.patience),  # type: ignore[arg-type]
        ws=partial(PatientWebSocket, patience=settings.patience),  # type: ignore[arg-type]
        ws_max_size=settings.max_frame_bytes,
        ws_per_message_deflate=False,  # sound does not shrink, and packing it costs more than anything else here
        limit_concurrency=settings.connections,
        server_header=False,
        timeout_graceful_shutdown=_FAREWELL,
        **others,
    )
