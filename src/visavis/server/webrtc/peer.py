"""A client of the Realtime protocol over WebRTC: sound on two tracks, events on the data channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, Final

import structlog
from aiortc import MediaStreamTrack, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidStateError

from visavis.core import events as core
from visavis.core.commands import AppendAudio, Command, ReportPlayback
from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.server.event_reader import EventReader
from visavis.server.gone import GoneError, unless_gone
from visavis.server.outbox import Outbox
from visavis.server.server_events import milliseconds
from visavis.server.session_config import SessionConfig
from visavis.server.webrtc.ice import Ice
from visavis.server.webrtc.intake import Intake
from visavis.server.webrtc.microphone import listen
from visavis.server.webrtc.offer import screened, unreadable
from visavis.server.webrtc.speaker import Heard, Speaker

_log = structlog.get_logger(__name__)

CHANNEL: Final = "oai-events"
_HIGH, _LOW = 2**18, 2**16
"""Bytes on their way over the data channel: above the first nothing more is sent until they are below the second."""
_FAREWELL: Final = 1.0
_CLOSING: Final = 5.0
"""Seconds in which the last events leave, and in which the connection is taken down."""


class Peer:
    """One caller, from offer to goodbye."""

    def __init__(self, config: SessionConfig, ice: Ice, limit: int) -> None:
        """`limit` is the longest event in bytes."""
        self.config = config
        self.outbox = Outbox(config, self._send)
        self.reader = EventReader(config, self.outbox.say, limit)
        self.lost = asyncio.Event()
        self._ice = ice
        self._intake = Intake()
        self._speaker = Speaker(self._played)
        self._gone = asyncio.Event()
        self._reports = True
        self._talking = False
        self._sounding = self._begun = ""
        self._room = asyncio.Event()
        self._open = asyncio.Event()
        self._channel: RTCDataChannel | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._peer = RTCPeerConnection(ice.configuration())
        self._peer.on("datachannel", self._on_channel)
        self._peer.on("track", self._on_track)
        self._peer.on("connectionstatechange", self._on_state)

    async def answer(self, sdp: str) -> str:
        """The answer to an offer. Raises VisavisError `call.offer`, `call.media`."""
        offer = RTCSessionDescription(screened(sdp, candidates=self._ice.reaches_out), "offer")
        try:
            await self._peer.setRemoteDescription(offer)
            self._peer.addTrack(self._speaker)
            answer = await self._peer.createAnswer()
        except Exception as error:
            # aiortc takes an SDP apart with assertions, indices and lookups.
            _log.info("call.refused", reason=type(error).__name__)
            raise unreadable() from error
        transports = {one.receiver.transport.transport for one in self._peer.getTransceivers()}
        for transport in transports:
            await self._ice.listen_with(transport)
        await self._peer.setLocalDescription(answer)
        if not any(transport.iceGatherer.getLocalCandidates() for transport in transports):
            raise VisavisError("call.unavailable", "The server found no address to take calls on.", retryable=True)
        return str(self._peer.localDescription.sdp)

    async def opened(self) -> None:
        """Waits until events can be sent. Raises GoneError when the caller does not come."""
        await self.unless_gone(self._open.wait())
        writer = asyncio.create_task(self.outbox.write())
        writer.add_done_callback(lambda _: self.lost.set())
        self._tasks.append(writer)

    def leave(self) -> None:
        """Ends the call from this side; `close` follows."""
        self._over()

    async def close(self) -> None:
        """Says what is still to be said, for at most a second, and takes the connection down."""
        try:
            if self._tasks and self._open.is_set() and self._peer.connectionState == "connected":
                await self.outbox.finish(self._tasks[-1], _FAREWELL)
                await self._drained()
        finally:
            self._over()
            self.lost.set()
            self._speaker.stop()
            for task in self._tasks:
                task.cancel()
            closing = asyncio.ensure_future(self._peer.close())
            await asyncio.wait([closing], timeout=_CLOSING)

    async def _drained(self) -> None:
        end = asyncio.get_running_loop().time() + _FAREWELL
        while self._channel is not None and self._channel.bufferedAmount and self._channel.readyState == "open":
            if asyncio.get_running_loop().time() > end:
                return
            await asyncio.sleep(0.01)

    # The caller's side ----------------------------------------------------------------------------------------

    def _over(self) -> None:
        self._gone.set()
        self._intake.close()
        self._room.set()

    def _on_state(self) -> None:
        if self._peer.connectionState in {"failed", "closed"}:
            self._over()

    def _on_channel(self, channel: RTCDataChannel) -> None:
        if channel.label != CHANNEL or self._channel is not None:
            return
        self._channel = channel
        channel.bufferedAmountLowThreshold = _LOW
        channel.on("message", self._on_message)
        channel.on("close", self._over)
        channel.on("bufferedamountlow", self._room.set)
        self._open.set()

    def _on_message(self, message: str | bytes) -> None:
        if not self._intake.put(message):
            self._over()

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._tasks.insert(0, asyncio.create_task(listen(track, self._hear)))

    def _hear(self, audio: AudioChunk) -> None:
        if self._talking:
            self._intake.put(AppendAudio(audio))

    def _played(self, heard: Heard) -> None:
        """The track has begun, gone on with or stopped an item."""
        if self._reports:
            self._intake.put(ReportPlayback(heard.item_id, heard.position, heard.playing))
        begins = heard.playing and heard.item_id != self._sounding
        if not begins and heard.playing:
            return
        item = {"response_id": heard.response_id, "item_id": heard.item_id}
        if begins and heard.response_id != self._begun:
            self._begun = heard.response_id
            self.outbox.say({"type": "output_audio_buffer.started", "response_id": heard.response_id})
        at = {"audio_ms": milliseconds(heard.position), "track_ms": milliseconds(heard.track)}
        self.outbox.say({"type": "visavis.playout", **item, **at, "playing": heard.playing})
        if heard.finished:
            self.outbox.say({"type": "output_audio_buffer.stopped", "response_id": heard.response_id})
        self._sounding = heard.item_id if heard.playing else ""

    async def _send(self, text: str) -> None:
        channel = self._channel
        while channel is not None and channel.bufferedAmount > _HIGH and not self._gone.is_set():
            self._room.clear()
            await self._room.wait()
        if channel is None or self._gone.is_set():
            raise GoneError
        try:
            channel.send(text)
        except ValueError:
            _log.warning("call.event_too_long", characters=len(text))
        except (InvalidStateError, ConnectionError) as error:
            raise GoneError from error

    # The session's side ---------------------------------------------------------------------------------------

    async def unless_gone(self, waiting: Awaitable[Any]) -> None:
        """Awaits `waiting`. Raises GoneError when the caller leaves first."""
        await unless_gone(self._gone, waiting)

    def emit(self, event: core.Event) -> None:
        """Plays sound, queues anything else; never blocks."""
        match event:
            case core.AudioDelta():
                self._speaker.put(event)
                return
            case core.SpeechMotion():
                at = self._speaker.place(event.item_id, event.motion.start)
                self.outbox.emit(event, {"track_ms": milliseconds(at)})
                return
            case core.OutputDone():
                self._speaker.finish_item(event.item_id)
        self.outbox.emit(event)

    def flush(self) -> None:
        """Drops the audio that has not been played and the speech motion that has not left yet."""
        self._speaker.flush()
        self.outbox.flush()

    async def writable(self) -> None:
        """Waits until the caller has read enough to be sent more audio."""
        await self.outbox.writable()

    async def commands(self) -> AsyncIterator[Command]:
        """What the caller says, asks and has heard; events that cannot be taken are answered by `error` here."""
        self._talking = True
        while (one := await self._intake.next()) is not None:
            if isinstance(one, AppendAudio | ReportPlayback):
                yield one
                continue
            for command in self.reader.read(one):
                if isinstance(command, ReportPlayback):
                    self._reports = False  # the caller's own word on what it heard is nearer to its ear
                yield command
