"""Voice activity detection with Silero VAD (MIT), an ONNX model of 2.3 MB."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from visavis.core.media import SPEECH_RATE, Samples
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.vad import VADCapabilities
from visavis.weights.store import WeightStore

MODEL: Final = "silero-vad"

_WINDOW: Final = 512
_CONTEXT: Final = 64  # samples of the window before, which the model wants in front at 16 kHz
_STATE_SHAPE: Final = (2, 1, 128)

# Long music or noise leaves the recurrent state in a place from where the next word is heard late. So the state is
# cleared every two seconds of audio, but only in the middle of clear non-speech.
_REFRESH_WINDOWS: Final = 2 * SPEECH_RATE // _WINDOW
_QUIET_WINDOWS: Final = 5
_QUIET: Final = 0.1


class SileroVAD:
    """Silero VAD on one CPU thread; all streams share one session."""

    def __init__(self, store: WeightStore) -> None:
        self._store = store
        self._session: onnxruntime.InferenceSession | None = None

    @property
    def capabilities(self) -> VADCapabilities:
        """16 kHz, 512 samples (32 ms)."""
        return VADCapabilities(rate=SPEECH_RATE, window=_WINDOW)

    def stream(self) -> SileroStream:
        """A fresh state. Loads the model (some 50 ms) unless `warm` did. Raises VisavisError `weights.missing`."""
        return SileroStream(self._load())

    async def warm(self) -> None:
        """Loads the model off the event loop."""
        session = await asyncio.to_thread(self._load)
        await asyncio.to_thread(SileroStream(session).probability, np.zeros(_WINDOW, np.float32))

    async def aclose(self) -> None:
        """Frees the model; streams that still run keep it until they end."""
        self._session = None

    def _load(self) -> onnxruntime.InferenceSession:
        if self._session is None:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(
                str(self._store.file(MODEL, "silero_vad.onnx")), options, providers=["CPUExecutionProvider"]
            )
        return self._session


class SileroStream:
    """The detector's state over one person's audio."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._rate = np.array(SPEECH_RATE, np.int64)
        self.reset()

    def reset(self) -> None:
        """Forgets all audio so far."""
        self._input: NDArray[np.float32] = np.zeros((1, _CONTEXT + _WINDOW), np.float32)
        self._state: NDArray[np.float32] = np.zeros(_STATE_SHAPE, np.float32)
        self._since_refresh = 0
        self._quiet = 0

    def probability(self, window: Samples) -> float:
        """Speech probability in [0, 1] of the next 512 samples. Raises ValueError on another length."""
        if window.shape != (_WINDOW,):
            raise ValueError(f"a window has {_WINDOW} samples, not {window.shape}")
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = window
        feed: dict[str, Any] = {"input": self._input, "state": self._state, "sr": self._rate}
        output, self._state = self._session.run(None, feed)
        probability = float(output[0, 0])
        self._since_refresh += 1
        self._quiet = self._quiet + 1 if probability < _QUIET else 0
        if self._since_refresh >= _REFRESH_WINDOWS and self._quiet >= _QUIET_WINDOWS:
            self._state = np.zeros(_STATE_SHAPE, np.float32)
            self._since_refresh = 0
        return probability


def _create(context: EngineContext) -> SileroVAD:
    return SileroVAD(context.store)


ENGINE: Final = EngineInfo(
    kind="vad",
    name="silero",
    summary="Silero VAD: 0.1 ms a window on one CPU thread, any language.",
    create=_create,
    models=(MODEL,),
    licence="MIT",
)
