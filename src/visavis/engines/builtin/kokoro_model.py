"""The two halves of Kokoro as onnxruntime sessions: an utterance's features at once, its audio window by window."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.core.media import Samples
from visavis.engines.builtin import kokoro_graph as graph
from visavis.weights.store import WeightStore, sha256_of

MODEL: Final = "kokoro-82m"
VOICES: Final = "kokoro-voices"
_WEIGHTS: Final = "kokoro.onnx"
_RECIPE: Final = 1  # part of the derived files' key: raise it when the rewriting of the graph changes
_UNVOICED: Final = 10.0  # Hz: the model's own voicing threshold


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """An utterance before it has sound: `features` (1, 512, frames), `pitch` in Hz and `energy` (1, 2 × frames), the
    `style` (1, 256), and the frames of each token, pads included."""

    features: NDArray[np.float32]
    pitch: NDArray[np.float32]
    energy: NDArray[np.float32]
    style: NDArray[np.float32]
    durations: tuple[int, ...]

    @property
    def frames(self) -> int:
        """Length in frames of 25 ms."""
        return int(self.features.shape[2])

    def loudness(self) -> NDArray[np.float32]:
        """How loud each frame will be, about 0 to 1, voiced frames counted double."""
        energy = self.energy[0].reshape(-1, 2).mean(axis=1)
        voiced = (self.pitch[0].reshape(-1, 2) > _UNVOICED).mean(axis=1)
        low, high = np.percentile(energy, (5, 95))
        level = np.clip((energy - low) / max(float(high - low), 1e-6), 0.0, 1.0)
        return np.asarray((level + voiced) / 2, np.float32)

    def slice(self, start: int, end: int) -> Encoding:
        """Frames `start` to `end`, without durations."""
        return Encoding(
            self.features[:, :, start:end],
            self.pitch[:, 2 * start : 2 * end],
            self.energy[:, 2 * start : 2 * end],
            self.style,
            (),
        )


def concatenate(parts: Sequence[Encoding]) -> Encoding:
    """Several passes as one utterance, in the first one's style."""
    return Encoding(
        np.concatenate([part.features for part in parts], axis=2),
        np.concatenate([part.pitch for part in parts], axis=1),
        np.concatenate([part.energy for part in parts], axis=1),
        parts[0].style,
        (),
    )


class Cancellation:
    """Stops a run in progress from another thread, within one node of the graph (some milliseconds)."""

    def __init__(self) -> None:
        self.options = onnxruntime.RunOptions()
        self.cancelled = False

    def cancel(self) -> None:
        """Stops what runs with this and refuses what comes."""
        self.cancelled = True
        self.options.terminate = True


class CancelledRun(Exception):  # noqa: N818
    """The run was stopped by its `Cancellation`."""


class KokoroModel:
    """Kokoro's weights, loaded. Blocking; safe to call from several threads."""

    def __init__(self, store: WeightStore, threads: int) -> None:
        """Loads the weights, cutting the graph first if that was not done before (a few seconds, once a machine).

        Raises VisavisError `weights.missing`, or `tts.unavailable` when the weights cannot be used.
        """
        encoder, decoder = derived(store)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._encoder = onnxruntime.InferenceSession(str(encoder), options, providers=["CPUExecutionProvider"])
        self._decoder = onnxruntime.InferenceSession(str(decoder), options, providers=["CPUExecutionProvider"])
        self._store = store
        self._voices: dict[str, NDArray[np.float32]] = {}

    def style(self, voice: str, tokens: int) -> NDArray[np.float32]:
        """The voice's style vector for an utterance of that many tokens."""
        styles = self._voices.get(voice)
        if styles is None:
            path = self._store.file(VOICES, f"{voice}.bin")
            styles = self._voices[voice] = np.fromfile(path, "<f4").reshape(-1, 1, 256)
        return np.asarray(styles[min(max(tokens, 1), len(styles)) - 1], np.float32)

    def encode(
        self, ids: Sequence[int], style: NDArray[np.float32], speed: float, cancellation: Cancellation
    ) -> Encoding:
        """Everything but the sound. Raises CancelledRun."""
        features, pitch, energy, durations = _run(
            self._encoder,
            {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": style,
                "speed": np.array([speed], np.float32),
            },
            cancellation,
        )
        frames = tuple(int(value) for value in np.asarray(durations).ravel())
        return Encoding(features, pitch, energy, style, frames)

    def decode(self, part: Encoding, cancellation: Cancellation) -> Samples:
        """The sound of `part`, 600 samples a frame. Raises CancelledRun."""
        feed = {graph.FEATURES: part.features, graph.PITCH: part.pitch, graph.ENERGY: part.energy, "style": part.style}
        (audio,) = _run(self._decoder, feed, cancellation)
        return np.asarray(audio, np.float32).ravel()


def _run(session: Any, feed: dict[str, Any], cancellation: Cancellation) -> list[Any]:
    if cancellation.cancelled:
        raise CancelledRun
    try:
        return list(session.run(None, feed, cancellation.options))
    except Exception as error:
        if cancellation.cancelled:
            raise CancelledRun from None
        raise VisavisError("tts.failed", "Kokoro failed on this text: try another wording.") from error


def derived(store: WeightStore) -> tuple[Path, Path]:
    """The encoder's and the decoder's file, made from the store's weights when they are not there yet."""
    source = store.file(MODEL, _WEIGHTS)
    signed = not graph.saturates()
    key = f"kokoro-{sha256_of(source)[:16]}-{_RECIPE}-{'s8' if signed else 'u8'}"
    folder = store.root / "derived" / key
    encoder, decoder = folder / "encoder.onnx", folder / "decoder.onnx"
    if not (encoder.is_file() and decoder.is_file()):
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".kokoro-", dir=folder.parent))
        try:
            _derive(source, work, signed=signed)
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
            try:
                os.replace(work, folder)
            except OSError:
                if not (encoder.is_file() and decoder.is_file()):  # another process may have been quicker
                    raise
        except OSError as error:
            raise VisavisError(
                "tts.unavailable", f"Kokoro's graph could not be written to {folder.parent}: free some disk space."
            ) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return encoder, decoder


def _derive(source: Path, folder: Path, *, signed: bool) -> None:
    try:
        encoder, decoder = graph.split(onnx.load(str(source)))
    except ValueError as error:
        raise VisavisError("tts.unavailable", f"Kokoro's weights are not usable: {error}.") from error
    for model, name in ((encoder, "encoder.onnx"), (decoder, "decoder.onnx")):
        graph.convolutions_as_products(model, signed=signed)
        graph.instance_norms(model)
        onnx.save(model, str(folder / name))
