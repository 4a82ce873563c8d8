"""Edge TTS at the seam where its package hands messages over; the service itself needs a network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import av
import numpy as np
import pytest

from tests.engines.contracts.tts import speak
from visavis.core.errors import VisavisError
from visavis.core.media import VOICE_RATE
from visavis.engines.builtin.edge import EdgeOptions, EdgeTTS, Message

TICKS = 10_000_000
TEXT = "Bob, my map!"
WORDS = [("Bob", 0.1, 0.4), ("my", 0.6, 0.2), ("map", 0.9, 0.5)]


def mp3(seconds: float) -> bytes:
    """A 220 Hz tone as the service sends sound: bare MP3 frames, 24 kHz, mono, 48 kbit/s."""
    codec = av.CodecContext.create("libmp3lame", "w")
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = VOICE_RATE, "mono", "fltp", 48_000
    codec.open()
    tone = (0.3 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * VOICE_RATE)) / VOICE_RATE)).astype(np.float32)
    size = codec.frame_size
    packets = []
    for index in range(len(tone) // size):
        frame = av.AudioFrame.from_ndarray(tone[None, index * size : (index + 1) * size], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = VOICE_RATE, index * size
        packets += codec.encode(frame)
    return b"".join(bytes(packet) for packet in [*packets, *codec.encode(None)])


class Service:
    """Answers as recorded: word boundaries and 720-byte pieces of MP3, interleaved."""

    def __init__(self, *, error: Exception | None = None, sound: bool = True) -> None:
        self.asked: list[tuple[str, str, str, str]] = []
        self._error, self._sound = error, sound

    async def __call__(self, text: str, voice: str, rate: str, pitch: str) -> AsyncIterator[Message]:
        self.asked.append((text, voice, rate, pitch))
        if self._error is not None:
            raise self._error
        words = list(WORDS)
        data = mp3(1.6) if self._sound else b""
        for start in range(0, len(data), 720):
            if words:
                word, at, length = words.pop(0)
                yield {"type": "WordBoundary", "text": word, "offset": at * TICKS, "duration": length * TICKS}
            yield {"type": "audio", "data": data[start : start + 720]}


async def test_words_come_from_the_service_and_phonemes_lie_within_them() -> None:
    chunks = await speak(EdgeTTS(connect=Service()), TEXT, "en")
    timeline = chunks[-1].timeline
    assert [(word.text, word.offset) for word in timeline.words] == [("Bob,", 0), ("my", 5), ("map!", 8)]
    assert not timeline.exact
    closures = [item for item in timeline.phonemes if item.symbol in {"b", "m", "p"}]
    assert [item.symbol for item in closures] == ["b", "b", "m", "m", "p"]
    assert closures[0].start == pytest.approx(0.1)
    assert closures[-1].end == pytest.approx(1.4)


async def test_the_sound_is_whole_and_each_chunk_is_timed() -> None:
    chunks = await speak(EdgeTTS(connect=Service()), TEXT, "en")
    assert len(chunks) > 1
    assert chunks[-1].final
    end = 0.0
    for chunk in chunks:
        assert chunk.audio.start == pytest.approx(end)
        assert chunk.timeline.duration >= chunk.audio.end - 1e-6
        end = chunk.audio.end
    assert end == pytest.approx(1.6, abs=0.12)
    samples = np.concatenate([chunk.audio.samples for chunk in chunks])
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * VOICE_RATE / len(samples) == pytest.approx(220, abs=3)


async def test_voice_rate_and_pitch_reach_the_service() -> None:
    service = Service()
    tts = EdgeTTS(EdgeOptions(voice="es-MX-DaliaNeural", rate="+10%", pitch="-2Hz"), connect=service)
    await speak(tts, TEXT, "es", speed=1.2)
    await speak(tts, TEXT, "en")
    assert service.asked == [
        (TEXT, "es-MX-DaliaNeural", "+32%", "-2Hz"),
        (TEXT, "en-US-AvaNeural", "+10%", "-2Hz"),
    ]


@pytest.mark.parametrize("service", [Service(error=OSError("no route")), Service(sound=False)])
async def test_without_the_service_it_says_so(service: Service) -> None:
    with pytest.raises(VisavisError) as failed:
        await speak(EdgeTTS(connect=service), TEXT, "en")
    assert failed.value.code == "tts.unavailable"
    assert failed.value.retryable


async def test_nothing_to_say_asks_nothing() -> None:
    service = Service()
    assert await speak(EdgeTTS(connect=service), "…", "en") == []
    assert not service.asked
