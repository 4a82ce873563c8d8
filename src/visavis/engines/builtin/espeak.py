"""Phonemes of alphabetic text from espeak-ng, with the place of every word, through its C interface."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import espeakng_loader

from visavis.core.errors import VisavisError

_RETRIEVAL: Final = 2  # AUDIO_OUTPUT_SYNCHRONOUS: events come through the callback, nothing is played
_PHONEME_EVENTS_IPA: Final = 0x1 | 0x2 | 0x8000  # phoneme events, as IPA, do not exit on error
_UTF8: Final = 1
_BY_CHARACTER: Final = 1
_END, _WORD, _PHONEME = 0, 1, 7


class _Id(ctypes.Union):
    _fields_: ClassVar[Any] = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class EspeakWord:
    """A stretch that espeak speaks as one word: `offset` of its first character, and its IPA `phonemes`, stress marks
    included, one string a phoneme ("" for a pause)."""

    offset: int
    phonemes: tuple[str, ...]


class Espeak:
    """The espeak-ng library. Its state is the process's, so calls of all instances take turns; one takes some 5 ms."""

    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self._library: ctypes.CDLL | None = None
        self._events: list[tuple[int, int, str]] = []
        self._callback = _Callback(self._collect)

    def words(self, text: str, voice: str) -> tuple[EspeakWord, ...]:
        """The words of `text` as `voice` (`en-us`, `es`) speaks them. Raises VisavisError `tts.unavailable`."""
        data = text.replace("\0", " ").encode()
        with self._lock:
            library = self._load()
            if library.espeak_SetVoiceByName(voice.encode()):
                raise VisavisError("tts.unavailable", f"espeak-ng has no voice '{voice}': reinstall espeakng-loader.")
            library.espeak_SetSynthCallback(self._callback)
            self._events.clear()
            library.espeak_Synth(data, len(data) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None)
            events = tuple(self._events)
        return tuple(_words(events))

    def _load(self) -> ctypes.CDLL:
        if self._library is None:
            try:
                library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
            except OSError as error:
                raise VisavisError(
                    "tts.unavailable", "espeak-ng could not be loaded: reinstall the package espeakng-loader."
                ) from error
            path = str(espeakng_loader.get_data_path()).encode()
            if library.espeak_Initialize(_RETRIEVAL, 0, path, _PHONEME_EVENTS_IPA) <= 0:
                raise VisavisError(
                    "tts.unavailable", "espeak-ng found no voice data: reinstall the package espeakng-loader."
                )
            self._library = library
        return self._library

    def _collect(self, _samples: Any, _count: int, events: Any) -> int:
        index = 0
        while events[index].type != _END:
            event = events[index]
            if event.type == _WORD:
                self._events.append((_WORD, event.text_position - 1, ""))
            elif event.type == _PHONEME:
                self._events.append((_PHONEME, 0, event.id.string.decode("utf-8", "ignore")))
            index += 1
        return 0


def _words(events: tuple[tuple[int, int, str], ...]) -> Iterator[EspeakWord]:
    offset, phonemes = 0, list[str]()
    for kind, position, symbol in events:
        if kind == _WORD:
            if phonemes:
                yield EspeakWord(offset, tuple(phonemes))
                phonemes = []
            offset = position
        else:
            phonemes.append(symbol)
    if phonemes:
        yield EspeakWord(offset, tuple(phonemes))
