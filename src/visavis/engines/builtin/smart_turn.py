"""Turn detection with Smart Turn v3.2 (BSD-2), which hears from the voice whether the person has finished."""

from __future__ import annotations

from typing import Final

import numpy as np
import onnxruntime

from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.engines.log_mel import log_mel
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.resample import at_rate
from visavis.engines.turn_detector import TurnDetectorCapabilities
from visavis.engines.worker import Ticket, Worker
from visavis.weights.store import WeightStore

MODEL: Final = "smart-turn-v3.2"

_SECONDS: Final = 8
_SHORTEST: Final = 400  # samples: one window of the features
_LANGUAGES: Final = frozenset(  # the model card's 23
    {
        *("ar", "bn", "da", "de", "en", "es", "fi", "fr", "hi", "id", "it", "ja"),
        *("ko", "mr", "nl", "no", "pl", "pt", "ru", "tr", "uk", "vi", "zh"),
    }
)


class SmartTurn:
    """Smart Turn v3.2, int8 ONNX: about 20 ms of one CPU core a call."""

    def __init__(self, store: WeightStore, threads: int = 1) -> None:
        self._store = store
        self._threads = threads
        self._session: onnxruntime.InferenceSession | None = None
        self._worker = Worker("turn_detector")

    @property
    def capabilities(self) -> TurnDetectorCapabilities:
        """23 languages, the last 8 seconds."""
        return TurnDetectorCapabilities(languages=_LANGUAGES, max_seconds=float(_SECONDS))

    async def complete(self, audio: AudioChunk) -> float:
        """Probability in [0, 1] that the turn in `audio` is complete; 0.0 for no audio. Other rates than 16 kHz are
        resampled. Raises VisavisError `weights.missing`, `turn_detector.busy`."""
        if not len(audio.samples):
            return 0.0
        return await self._worker.run(lambda ticket: self._complete(audio, ticket))

    async def warm(self) -> None:
        """Loads the model and runs it once."""
        await self.complete(AudioChunk(np.zeros(SPEECH_RATE, np.float32), SPEECH_RATE))

    async def aclose(self) -> None:
        """Frees the model."""
        await self._worker.aclose()
        self._session = None

    def _complete(self, audio: AudioChunk, ticket: Ticket) -> float:
        session = self._load()
        samples = at_rate(audio, SPEECH_RATE)
        if len(samples) < _SHORTEST:
            return 0.0
        ticket.check()
        (probability,) = session.run(None, {"input_features": smart_turn_features(samples)[None]})
        return float(np.clip(probability[0, 0], 0.0, 1.0))

    def _load(self) -> onnxruntime.InferenceSession:
        if self._session is None:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
            self._session = onnxruntime.InferenceSession(
                str(self._store.file(MODEL, "smart-turn-v3.2-cpu.onnx")), options, providers=["CPUExecutionProvider"]
            )
        return self._session


def smart_turn_features(samples: Samples) -> Samples:
    """What the model was trained on: the last 8 s of 16 kHz audio, shorter audio with silence put in front, brought to
    zero mean and unit variance, as log-mel features of shape (80, 800)."""
    size = _SECONDS * SPEECH_RATE
    window = np.zeros(size, np.float32)
    kept = samples[-size:]
    window[size - len(kept) :] = kept
    normal = (window - window.mean()) / np.sqrt(window.var() + 1e-7)
    return log_mel(normal.astype(np.float32))


def _create(context: EngineContext) -> SmartTurn:
    return SmartTurn(context.store, context.threads)


ENGINE: Final = EngineInfo(
    kind="turn_detector",
    name="smart-turn",
    summary="Smart Turn v3.2: hears whether a turn is complete, 23 languages.",
    create=_create,
    models=(MODEL,),
    licence="BSD-2-Clause",
)
