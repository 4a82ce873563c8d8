"""Whisper on CTranslate2, fed with the audio there is instead of 30 seconds."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ctranslate2
import numpy as np
from tokenizers import Tokenizer

from visavis.core.media import SPEECH_RATE, Samples
from visavis.engines.log_mel import HOP, log_mel

FULL_SECONDS: Final = 30.0
"""The window Whisper was trained on."""

_PAD_SECONDS: Final = 2.0
_LEAST_SECONDS: Final = 8.0
"""A shorter window or pad makes it loop."""

_TOKENS_SPARE: Final = 16
_TOKENS_PER_SECOND: Final = 10.0
_PROMPT_TOKENS: Final = 96
_STARTS: Final = 4
"""Tokens that tell Whisper what to do."""
_LOOP_COMPRESSION: Final = 2.4  # Radford et al. 2022, section 4.5
_LOOP_REPEATS: Final = 4
_LOOP_LONGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Encoded:
    """Encoder output of one window: the `frames` of 10 ms it covers, and the `seconds` of audio in it."""

    output: Any
    frames: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """One decode: text tokens, the text, mean log-probability a token, probability of no speech, and whether it runs
    in circles."""

    tokens: tuple[int, ...]
    text: str
    logprob: float
    no_speech: float
    loops: bool


class WhisperModel:
    """One loaded model. Calls block, and may come from two threads at once."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Loads a CTranslate2 Whisper folder with 8-bit weights; `threads` a call."""
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=2
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.multilingual: bool = self._model.is_multilingual
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self._mels = int(getattr(self._model, "n_mels", config.get("num_mel_bins", 80)))
        self._end = self._id("<|endoftext|>")

    def encode(self, samples: Samples, *, full: bool = False) -> Encoded:
        """Encodes up to 30 s of 16 kHz audio, with silence behind it; `full` pads it to all of 30 s."""
        seconds = len(samples) / SPEECH_RATE
        window = FULL_SECONDS if full else min(FULL_SECONDS, max(_LEAST_SECONDS, seconds + _PAD_SECONDS))
        frames = math.ceil(window * SPEECH_RATE / HOP / 2) * 2  # the encoder halves them
        padded = np.zeros(frames * HOP, np.float32)
        padded[: len(samples)] = samples[: len(padded)]
        features = log_mel(padded, self._mels)[None]
        return Encoded(self._model.encode(ctranslate2.StorageView.from_array(features)), frames, seconds)

    def languages(self, encoded: Encoded) -> dict[str, float]:
        """Probability of each language code; English alone for an English-only model."""
        if not self.multilingual:
            return {"en": 1.0}
        (ranked,) = self._model.detect_language(encoded.output)
        return {token.strip("<|>"): float(probability) for token, probability in ranked}

    def decode(self, encoded: Encoded, language: str, *, beam: int, prompt: str = "", careful: bool = False) -> Decoded:
        """Decodes one window. `prompt` is text that could stand before it; `careful` forbids repeating any three
        tokens, for audio that made the model run in circles."""
        cap = int(_TOKENS_SPARE + _TOKENS_PER_SECOND * encoded.seconds)
        before = self._before(prompt)
        (result,) = self._model.generate(
            encoded.output,
            [[*before, *self._start(language)]],
            beam_size=beam,
            # CTranslate2 lets half of it be new tokens, and no more than the prompt leaves.
            max_length=max(2 * cap, cap + len(before) + _STARTS),
            return_scores=True,
            return_no_speech_prob=True,
            no_repeat_ngram_size=3 if careful else 0,
        )
        tokens = tuple(token for token in result.sequences_ids[0] if token < self._end)
        text = self._tokenizer.decode(list(tokens)).strip()
        loops = _compression(text) > _LOOP_COMPRESSION or _circles(tokens) or len(result.sequences_ids[0]) >= cap
        return Decoded(tokens, text, float(result.scores[0]), float(result.no_speech_prob), loops)

    def align(self, encoded: Encoded, language: str, tokens: Sequence[int]) -> list[tuple[str, float, float]]:
        """Pieces of text that can stand alone (tokens that together make whole characters), with start and end in
        seconds of the window, by dynamic time warping over the cross-attention."""
        if not tokens:
            return []
        (found,) = self._model.align(
            encoded.output, self._start(language), [list(tokens)], min(encoded.frames, _frames(encoded.seconds))
        )
        starts: dict[int, float] = {}
        for token, frame in found.alignments:
            starts.setdefault(token, frame * 0.02)
        pieces: list[tuple[str, float, float]] = []
        pending: list[int] = []
        begin = 0.0
        for index, token in enumerate(tokens):
            if not pending:
                begin = starts.get(index, pieces[-1][2] if pieces else 0.0)
            pending.append(token)
            text = self._tokenizer.decode(pending)
            if "\ufffd" not in text:
                pieces.append((text, begin, max(begin, starts.get(index + 1, encoded.seconds))))
                pending = []
        return pieces

    def _start(self, language: str) -> list[int]:
        names = ["<|startoftranscript|>"]
        if self.multilingual:
            names += [f"<|{language}|>", "<|transcribe|>"]
        return [self._id(name) for name in [*names, "<|notimestamps|>"]]

    def _before(self, prompt: str) -> list[int]:
        if not prompt.strip():
            return []
        tokens = self._tokenizer.encode(" " + prompt.strip(), add_special_tokens=False).ids
        return [self._id("<|startofprev|>"), *tokens[-_PROMPT_TOKENS:]]

    def _id(self, token: str) -> int:
        number = self._tokenizer.token_to_id(token)
        if number is None:
            raise ValueError(f"the tokenizer has no {token}")
        return int(number)


def _frames(seconds: float) -> int:
    return max(2, math.ceil(seconds * SPEECH_RATE / HOP))


def _compression(text: str) -> float:
    data = text.encode("utf-8")
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _circles(tokens: Sequence[int]) -> bool:
    """Whether some run of up to eight tokens comes at least four times in a row."""
    for size in range(1, _LOOP_LONGEST + 1):
        same = 0
        for index in range(size, len(tokens)):
            same = same + 1 if tokens[index] == tokens[index - size] else 0
            if same >= size * (_LOOP_REPEATS - 1):
                return True
    return False
