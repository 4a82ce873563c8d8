"""The feeling a face shows, by a small network trained on photographs (FER: seven emotions, 64 px grey; MIT)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.face.emotion import EMOTIONS, Emotion
from visavis.face.interpreter import opened
from visavis.face.landmarks import Detection
from visavis.weights.store import WeightStore

MODEL: Final = "fer"
"""The catalogue's name of the network."""

_FILE: Final = "emotion_model_quantized.tflite"
_SIDE: Final = 64
_OUTPUTS: Final[tuple[Emotion, ...]] = ("angry", "disgusted", "fearful", "happy", "sad", "surprised", "neutral")
_CROPS: Final = (1.0, 1.25)
"""Sides of the squares looked at, in face boxes: it was trained on close cuts of no exact size."""


class EmotionNetwork:
    """One loaded network, on one CPU thread; not safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Raises VisavisError `weights.corrupt`."""
        try:
            self._network: Any = opened(path)
        except (ValueError, RuntimeError) as error:
            message = f"The emotion model cannot be read; run `visavis models pull {MODEL}` to fetch it again."
            raise VisavisError("weights.corrupt", message) from error

    @classmethod
    def from_store(cls, store: WeightStore) -> EmotionNetwork:
        """The network of the weight store. Raises VisavisError `weights.missing` when it was not pulled."""
        return cls(store.file(MODEL, _FILE))

    def scores(self, picture: NDArray[np.uint8], face: Detection) -> dict[Emotion, float]:
        """How far each emotion shows on a face of an RGB picture; they sum to 1."""
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        seen = np.mean([self._look(grey, face, size) for size in _CROPS], axis=0)
        found = dict(zip(_OUTPUTS, (seen / seen.sum()).tolist(), strict=True))
        return {name: float(found[name]) for name in EMOTIONS}

    def _look(self, grey: NDArray[np.uint8], face: Detection, size: float) -> NDArray[np.float64]:
        x, y, width, height = face.box
        scale = _SIDE / (max(width, height) * size)
        matrix = np.array(
            [
                [scale, 0.0, _SIDE / 2 - (x + width / 2) * scale],
                [0.0, scale, _SIDE / 2 - (y + height / 2) * scale],
            ]
        )
        soft = cv2.GaussianBlur(grey, (0, 0), 0.4 / scale) if scale < 0.5 else grey
        crop = cv2.warpAffine(soft, matrix, (_SIDE, _SIDE), borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        self._network.set_tensor(self._network.get_input_details()[0]["index"], (crop / 127.5 - 1.0)[None, :, :, None])
        self._network.invoke()
        return np.asarray(self._network.get_tensor(self._network.get_output_details()[0]["index"])[0], np.float64)
