"""Fixed lines keep their speech: spoken once, then played from memory or disk."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import json
import os
import zipfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.core.speech import Phoneme, SpeechChunk, Timeline, Word
from visavis.engines.tts import TTS, TTSCapabilities, TTSOptions

_FORMAT: Final = 1
_CHUNK_SECONDS: Final = 0.5
_SUFFIX: Final = ".speech"


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A spoken line: 16-bit samples, their rate and the timeline."""

    samples: NDArray[np.int16]
    rate: int
    timeline: Timeline


class SpeechCache:
    """Spoken lines in memory and on disk, the least recently used ones dropped first. Blocking; not shared by threads
    at once."""

    def __init__(self, folder: Path | None, *, memory_bytes: int = 32 << 20, disk_bytes: int = 256 << 20) -> None:
        """`folder` None keeps lines in memory only."""
        self._folder, self._memory_bytes, self._disk_bytes = folder, memory_bytes, disk_bytes
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._held = 0

    def get(self, key: str) -> _Line | None:
        """The line, None when it is not kept. A damaged file is removed."""
        line = self._lines.get(key)
        if line is not None:
            self._lines.move_to_end(key)
            return line
        if self._folder is None:
            return None
        path = self._folder / (key + _SUFFIX)
        try:
            line = _decode(path.read_bytes())
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        self._keep(key, line)
        return line

    def put(self, key: str, line: _Line) -> None:
        """Keeps a line; a disk that cannot be written is no error, the line then stays in memory."""
        self._keep(key, line)
        if self._folder is None:
            return
        path = self._folder / (key + _SUFFIX)
        work = path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            work.write_bytes(_encode(line))
            work.replace(path)
            self._prune()
        except OSError:
            with contextlib.suppress(OSError):
                work.unlink(missing_ok=True)

    def _keep(self, key: str, line: _Line) -> None:
        old = self._lines.pop(key, None)
        self._held += line.samples.nbytes - (old.samples.nbytes if old is not None else 0)
        self._lines[key] = line
        while self._held > self._memory_bytes and len(self._lines) > 1:
            _, dropped = self._lines.popitem(last=False)
            self._held -= dropped.samples.nbytes

    def _prune(self) -> None:
        assert self._folder is not None
        files = sorted(
            ((entry.stat().st_mtime, entry.stat().st_size, entry) for entry in self._folder.glob(f"*{_SUFFIX}")),
            key=lambda item: item[0],
            reverse=True,
        )
        total = 0
        for index, (_, size, path) in enumerate(files):
            total += size
            if total > self._disk_bytes and index > 0:
                path.unlink(missing_ok=True)


class CachedTTS:
    """A voice whose fixed lines are spoken from a cache; any other text goes through."""

    def __init__(self, engine: TTS, cache: SpeechCache) -> None:
        self._engine, self._cache = engine, cache
        self._lock = asyncio.Lock()  # the cache is used by one call at a time

    @property
    def capabilities(self) -> TTSCapabilities:
        """The engine's."""
        return self._engine.capabilities

    @property
    def model(self) -> str:
        """The engine's."""
        return self._engine.model

    def key(self, text: str, options: TTSOptions) -> str:
        """What a line is kept under: its text, voice, model, speed and language."""
        parts = [_FORMAT, text, options.voice, self._engine.model, round(options.speed, 3), options.language]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    async def synthesize(self, text: str, options: TTSOptions, *, fixed: bool = False) -> AsyncIterator[SpeechChunk]:
        """Streams the speech of `text`; `fixed` lines come from the cache, and get there when spoken to the end."""
        if not fixed:
            async for chunk in self._engine.synthesize(text, options):
                yield chunk
            return
        key = self.key(text, options)
        async with self._lock:
            line = await asyncio.to_thread(self._cache.get, key)
        if line is not None:
            for chunk in _chunks(line, text, options.language):
                yield chunk
            return
        model, parts, timeline, rate = self._engine.model, list[NDArray[np.int16]](), Timeline(), 0
        async for chunk in self._engine.synthesize(text, options):
            parts.append((np.clip(chunk.audio.samples, -1.0, 1.0) * 32767.0).astype(np.int16))
            timeline, rate, last = chunk.timeline, chunk.audio.rate, chunk.final
            # A fallback may have spoken with another model than the key says: such a line is not kept.
            if last and model == self._engine.model:
                spoken = _Line(np.concatenate(parts), rate, timeline)
                async with self._lock:
                    await asyncio.to_thread(self._cache.put, key, spoken)
            yield chunk

    async def prewarm(self, lines: Sequence[tuple[str, TTSOptions]]) -> int:
        """Speaks those of the lines that are not kept yet; returns how many."""
        spoken = 0
        for text, options in lines:
            key = self.key(text, options)
            async with self._lock:
                kept = await asyncio.to_thread(self._cache.get, key) is not None
            if not kept:
                async for _ in self.synthesize(text, options, fixed=True):
                    pass
                spoken += 1
        return spoken

    async def warm(self) -> None:
        """Loads the engine."""
        await self._engine.warm()

    async def aclose(self) -> None:
        """Frees the engine."""
        await self._engine.aclose()


def _chunks(line: _Line, text: str, language: Language) -> list[SpeechChunk]:
    size = max(1, round(_CHUNK_SECONDS * line.rate))
    samples = line.samples.astype(np.float32) / 32767.0
    starts = range(0, len(samples), size)
    return [
        SpeechChunk(
            audio=AudioChunk(samples[start : start + size], line.rate, start / line.rate),
            text=text,
            language=language,
            timeline=line.timeline,
            final=start + size >= len(samples),
        )
        for start in starts
    ]


def _encode(line: _Line) -> bytes:
    stream = io.BytesIO()
    header = {"format": _FORMAT, "rate": line.rate, "timeline": asdict(line.timeline)}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("header.json", json.dumps(header, ensure_ascii=False))
        archive.writestr("samples.s16", line.samples.astype("<i2").tobytes())
    return stream.getvalue()


def _decode(data: bytes) -> _Line:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        header: dict[str, Any] = json.loads(archive.read("header.json"))
        samples = np.frombuffer(archive.read("samples.s16"), "<i2")
    if header["format"] != _FORMAT:
        raise ValueError("another format")
    fields = header["timeline"]
    timeline = Timeline(
        phonemes=tuple(Phoneme(**item) for item in fields["phonemes"]),
        words=tuple(Word(**item) for item in fields["words"]),
        duration=float(fields["duration"]),
        pitch=tuple(float(hz) for hz in fields["pitch"]),
        pitch_step=float(fields["pitch_step"]),
        exact=bool(fields["exact"]),
    )
    return _Line(samples.astype(np.int16), int(header["rate"]), timeline)
