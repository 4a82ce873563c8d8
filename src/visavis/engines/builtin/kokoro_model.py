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
from visavis.engines.builtin import kokoro_layout as layout
from visavis.weights.store import WeightStore, sha256_of

MODEL: Final = "kokoro-82m"
VOICES: Final = "kokoro-voices"
_WEIGHTS: Final = "kokoro.onnx"
_ENCODER: Final = "encoder.onnx"
_GENERATOR: Final = "generator.onnx"
_MEASURE: Final = "measure.onnx"
_RECIPE: Final = 4  # part of the derived files' key: raise it when the rewriting of the graph changes
_STEPS: Final = 120  # excitation steps a frame
_SILENT: Final = -3.0  # energy below which frames measure under 1 % of the loudest, voiced or not
_UNVOICED: Final = 10.0  # Hz: the model's own voicing threshold


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """An utterance before it has sound: `features` (1, 512, 2 × frames), the `excitation` (1, 22, 120 × frames + 1),
    `pitch` in Hz and `energy` (1, 2 × frames), the `style` (1, 256), and the frames of each token, pads included."""

    features: NDArray[np.float32]
    excitation: NDArray[np.float32]
    pitch: NDArray[np.float32]
    energy: NDArray[np.float32]
    style: NDArray[np.float32]
    durations: tuple[int, ...]

    @property
    def frames(self) -> int:
        """Length in frames of 25 ms."""
        return int(self.features.shape[2]) // 2

    def loudness(self) -> NDArray[np.float32]:
        """How loud each frame will be, about 0 to 1, voiced frames counted double."""
        energy = self.energy[0].reshape(-1, 2).mean(axis=1)
        voiced = (self.pitch[0].reshape(-1, 2) > _UNVOICED).mean(axis=1)
        low, high = np.percentile(energy, (5, 95))
        level = np.clip((energy - low) / max(float(high - low), 1e-6), 0.0, 1.0)
        return np.asarray((level + voiced) / 2, np.float32)

    def quiet(self) -> NDArray[np.bool_]:
        """Frames that have no sound: unvoiced, with an energy at which nothing is heard."""
        energy = self.energy[0].reshape(-1, 2).max(axis=1)
        voiced = self.pitch[0].reshape(-1, 2).max(axis=1) > _UNVOICED
        return np.asarray((energy < _SILENT) | ((energy < 0.0) & ~voiced), np.bool_)

    def slice(self, start: int, end: int) -> Encoding:
        """Frames `start` to `end`, without durations."""
        return Encoding(
            self.features[:, :, 2 * start : 2 * end],
            self.excitation[:, :, _STEPS * start : _STEPS * end + 1],
            self.pitch[:, 2 * start : 2 * end],
            self.energy[:, 2 * start : 2 * end],
            self.style,
            (),
        )


def concatenate(parts: Sequence[Encoding]) -> Encoding:
    """Several passes as one utterance, in the first one's style."""
    excitation = [part.excitation[:, :, :-1] for part in parts[:-1]] + [parts[-1].excitation]
    return Encoding(
        np.concatenate([part.features for part in parts], axis=2),
        np.concatenate(excitation, axis=2),
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
        self._folder = derived(store)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session_options = options
        self._encoder = onnxruntime.InferenceSession(
            str(self._folder / _ENCODER), options, providers=["CPUExecutionProvider"]
        )
        self._generator = onnxruntime.InferenceSession(
            str(self._folder / _GENERATOR), options, providers=["CPUExecutionProvider"]
        )
        self._store = store
        self._voices: dict[str, NDArray[np.float32]] = {}
        self._statistics: dict[str, NDArray[np.float32]] = {}
        shapes = {item.name: item.shape for item in self._generator.get_inputs()}
        self._channels = int(shapes[graph.STATISTICS][1])

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
        features, excitation, pitch, energy, durations = _run(
            self._encoder,
            {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": style,
                "speed": np.array([speed], np.float32),
            },
            cancellation,
        )
        frames = tuple(int(value) for value in np.asarray(durations).ravel())
        return Encoding(features, excitation, pitch, energy, style, frames)

    def calibrate(self, voice: str, samples: Sequence[Encoding]) -> None:
        """Measures what the generator's norms see in this voice, from some seconds of speech, and keeps it on disk."""
        session = onnxruntime.InferenceSession(
            str(self._folder / _MEASURE), self._session_options, providers=["CPUExecutionProvider"]
        )
        weights = np.array([sample.frames for sample in samples], np.float64)
        weights /= weights.sum()
        measured = [
            np.asarray(
                session.run(
                    [graph.STATISTICS],
                    {graph.FEATURES: item.features, graph.EXCITATION: item.excitation, "style": item.style},
                )[0],
                np.float64,
            )
            for item in samples
        ]
        mean = sum(weight * item[0] for weight, item in zip(weights, measured, strict=True))
        square = sum(weight * (item[0] ** 2 + item[1] ** 2) for weight, item in zip(weights, measured, strict=True))
        deviation = np.sqrt(np.maximum(square - mean**2, 1e-10))
        self._statistics[voice] = np.stack([mean, deviation]).astype(np.float32)
        path = self._statistics_file(voice)
        work = path.with_suffix(f".{os.getpid()}")
        try:
            self._statistics[voice].tofile(work)
            work.replace(path)
        except OSError:  # it is measured again next time
            work.unlink(missing_ok=True)

    def calibrated(self, voice: str) -> bool:
        """Whether `decode` knows this voice."""
        if voice not in self._statistics:
            try:
                values = np.fromfile(self._statistics_file(voice), "<f4")
            except OSError:
                return False
            if values.size != 2 * self._channels or not np.all(np.isfinite(values)):
                return False
            self._statistics[voice] = values.reshape(2, -1)
        return True

    def _statistics_file(self, voice: str) -> Path:
        return self._folder / f"{voice}.f32"

    def decode(self, part: Encoding, voice: str, cancellation: Cancellation) -> Samples:
        """The sound of `part` in a calibrated voice, 600 samples a frame. Raises CancelledRun."""
        feed = {
            graph.FEATURES: part.features,
            graph.EXCITATION: part.excitation,
            "style": part.style,
            graph.STATISTICS: self._statistics[voice],
        }
        (audio,) = _run(self._generator, feed, cancellation)
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


def derived(store: WeightStore) -> Path:
    """The folder of the cut graphs, made from the store's weights when they are not there yet."""
    source = store.file(MODEL, _WEIGHTS)
    signed = not graph.saturates()
    key = f"kokoro-{sha256_of(source)[:16]}-{_RECIPE}-{'s8' if signed else 'u8'}"
    folder = store.root / "derived" / key
    if not _complete(folder):
        work: Path | None = None
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(prefix=".kokoro-", dir=folder.parent))
            _derive(source, work, signed=signed)
            shutil.rmtree(folder, ignore_errors=True)
            try:
                work.replace(folder)
            except OSError:
                if not _complete(folder):  # another process may have been quicker
                    raise
        except OSError as error:
            raise VisavisError(
                "tts.unavailable", f"Kokoro's graph could not be written to {folder.parent}: free some disk space."
            ) from error
        finally:
            if work is not None:
                shutil.rmtree(work, ignore_errors=True)
    return folder


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in (_ENCODER, _GENERATOR, _MEASURE))


def _derive(source: Path, folder: Path, *, signed: bool) -> None:
    try:
        encoder, generator = graph.split(onnx.load(str(source)))
    except ValueError as error:
        raise VisavisError("tts.unavailable", f"Kokoro's weights are not usable: {error}.") from error
    measure = onnx.ModelProto()
    measure.CopyFrom(generator)
    for model in (encoder, generator, measure):
        graph.convolutions_as_products(model, signed=signed)
    graph.instance_norms(encoder)
    graph.fixed_statistics(generator)
    graph.measured_statistics(measure)
    layout.snakes(generator)
    layout.channels_last(generator, timed=(graph.FEATURES, graph.EXCITATION))
    for model, name in ((encoder, _ENCODER), (generator, _GENERATOR), (measure, _MEASURE)):
        onnx.save(model, str(folder / name))
