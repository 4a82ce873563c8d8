"""The two layers of a living face: speech, locked to the audio, and everything that goes on regardless."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNEL_INDEX, CHANNELS, FPS, Motion
from visavis.core.speech import SpeechChunk, Timeline
from visavis.face.ambient import AmbientAnimator
from visavis.face.articulation import TRACKS
from visavis.face.coarticulation import STEP, Coarticulation, Dynamics
from visavis.face.direction import Direction
from visavis.face.emotion import Mood, mood, pose, sides
from visavis.face.eyes import look
from visavis.face.gestures import Gestures
from visavis.face.loudness import HeardLoudness, foreseen_gain, without_tails
from visavis.face.visemes import cues

__all__ = ["AmbientAnimator", "SpeechAnimator"]

Array = NDArray[np.float64]
Frames = NDArray[np.float32]

_SUB: Final = round(1 / FPS / STEP)
_HEAD: Final = [CHANNEL_INDEX[name] for name in ("headYaw", "headPitch", "headRoll")]
_HEAD_LIMIT: Final = 3.0
"""Degrees that speech may turn the head; with the ambient layer's 7 it is 10, what one portrait allows."""

_MOVING: Final = [index for index, track in enumerate(TRACKS) for _ in track.channels]
_MOVED: Final = [channel for track in TRACKS for channel in track.channels]
"""Which track moves which channel."""

_GESTURE_LAG: Final = 0.05
_PARTING: Final = ("jawOpen", "mouthUpperUp", "mouthLowerDown", "mouthFunnel")

_TIGHT: Final = ("mouthPress", "mouthClose", "mouthShrugLower")
_DRAWN: Final = ("mouthSmile", "mouthFrown", "mouthStretch")
"""What a directed face holds with its lips: tight ones let go where jaw or lips open, drawn ones half where they
round."""


class SpeechAnimator:
    """Mouth, nods and brows of one response, as offsets from the ambient layer.

    Deterministic: the same chunks with the same `seed` give the same motion, however the audio is cut, as long as the
    timeline is whole from the first chunk on. Not safe for use from two threads.
    """

    def __init__(self, seed: int = 0, emotion: str = "neutral", direction: Direction | None = None) -> None:
        """`direction` plays its own emotion and takes the place of `emotion`."""
        self._seed = seed
        self._mood = mood(emotion) if direction is None else direction.mood
        self._standing = pose(self._mood) if direction is None else direction.standing
        self._directed = direction is not None
        self._dynamics = Dynamics()
        self._heard = HeardLoudness()
        self._gesture_state = np.zeros((2, 5))
        self._utterance: _Utterance | None = None
        self._ended: tuple[Gestures, float] | None = None

    @property
    def pauses(self) -> tuple[tuple[float, float], ...]:
        """Start and end (utterance seconds) of the silences of the current utterance: where a blink suits."""
        return self._utterance.gestures.pauses if self._utterance else ()

    def push(self, chunk: SpeechChunk) -> Motion:
        """The motion of exactly `chunk`'s audio: the frames k with k / 50 s inside it, on the utterance's timeline."""
        utterance = self._utterance
        if utterance is None or utterance.number != chunk.utterance or utterance.final:
            if utterance is not None:
                self._ended = (utterance.gestures, utterance.samples / utterance.rate)
            self._heard.reset()
            utterance = self._utterance = _Utterance(chunk, self._mood, self._seed)
        else:
            utterance.learn(chunk)
        rate = chunk.audio.rate
        first = -(-utterance.samples * FPS // rate)
        utterance.samples += len(chunk.audio.samples)
        last = -(-utterance.samples * FPS // rate)
        self._heard.hear(chunk.audio.samples, rate)
        return self._frames(utterance, first, last)

    def release(self, seconds: float = 0.3) -> Motion:
        """Frames that bring the face back to the ambient layer after the last audio, `seconds` long."""
        count = max(1, round(seconds * FPS))
        start = 0.0
        if self._utterance is not None:
            start = -(-self._utterance.samples * FPS // self._utterance.rate) / FPS
        mouth = self._dynamics.run(np.zeros((count * _SUB, len(TRACKS))))[_SUB - 1 :: _SUB]
        gestures = self._smooth(np.zeros((count, 5)))
        frames = self._assemble(mouth, gestures, np.zeros(count))
        fade = np.linspace(1.0, 0.0, count, dtype=np.float32)[:, None]
        return Motion(frames * fade, start)

    def _frames(self, utterance: _Utterance, first: int, last: int) -> Motion:
        if last <= first:
            return Motion(np.zeros((0, len(CHANNELS)), dtype=np.float32), first / FPS)
        # The lips move in steps of 5 ms; a frame shows the last of its four.
        times = np.arange(first * _SUB - _SUB + 1, (last - 1) * _SUB + 1, dtype=np.float64) * STEP
        frame_times = np.arange(first, last, dtype=np.float64) / FPS
        gain = self._gain(utterance, times) * self._mood.mouth
        if utterance.blind:
            # Nothing is known of the sounds: the voice alone opens the jaw.
            aims = np.zeros((len(times), len(TRACKS)))
            aims[:, 0] = 0.45 * np.clip((self._heard.levels(times) + 45.0) / 30.0, 0.0, 1.0)
            shut = np.zeros(len(frame_times))
        else:
            aims = utterance.mouth.targets(times, gain)
            shut = utterance.mouth.shut(frame_times)
        mouth = self._dynamics.run(aims)[_SUB - 1 :: _SUB]
        planned = utterance.gestures.at(frame_times + _GESTURE_LAG)
        if self._ended is not None:
            gestures, duration = self._ended
            planned = planned + gestures.at(frame_times + _GESTURE_LAG + duration)
        frames = self._assemble(mouth, self._smooth(planned), shut)
        return Motion(frames, first / FPS)

    def _gain(self, utterance: _Utterance, times: Array) -> Array:
        if utterance.timeline.loudness:
            return utterance.foreseen(times)
        return self._heard.gain(times)

    def _smooth(self, planned: Array) -> Array:
        """Two stages of 25 ms: what is planned is smooth already, what is learnt late becomes so."""
        rate = 1.0 - np.exp(-1.0 / FPS / (_GESTURE_LAG / 2))
        out = np.empty_like(planned)
        middle, value = self._gesture_state
        for i, row in enumerate(planned):
            middle = middle + rate * (row - middle)
            value = value + rate * (middle - value)
            out[i] = value
        self._gesture_state = np.stack([middle, value])
        return out

    def _assemble(self, mouth: Array, gestures: Array, shut: Array) -> Frames:
        frames = np.zeros((len(mouth), len(CHANNELS)), dtype=np.float32)
        frames[:, _MOVED] = np.minimum(np.maximum(mouth, 0.0), 1.0)[:, _MOVING]
        # What the mood holds apart must not hold a p, b or m open.
        for name in _PARTING:
            for channel in sides(name):
                if self._standing[channel]:
                    frames[:, channel] -= (shut * self._standing[channel]).astype(np.float32)
        if self._directed:
            self._let_go(frames)
        head = _HEAD_LIMIT * np.tanh(gestures[:, :3] / _HEAD_LIMIT)
        frames[:, _HEAD] = head
        look(frames, -0.8 * head[:, 0], -0.8 * head[:, 1])
        raised, lowered = gestures[:, 3], gestures[:, 4]
        for name, values in (("browInnerUp", 0.75 * raised), ("browOuterUp", raised), ("browDown", lowered)):
            for channel in sides(name):
                frames[:, channel] += values.astype(np.float32)
        return frames

    def _let_go(self, frames: Frames) -> None:
        """Takes back what the standing face does with the lips where a sound needs them otherwise."""
        parting = frames[:, CHANNEL_INDEX["jawOpen"]] + frames[:, CHANNEL_INDEX["mouthUpperUpLeft"]]
        opened = np.clip(parting / 0.15, 0.0, 1.0)
        rounded = np.clip(frames[:, CHANNEL_INDEX["mouthFunnel"]] + frames[:, CHANNEL_INDEX["mouthPucker"]], 0.0, 1.0)
        for names, share in ((_TIGHT, opened), (_DRAWN, 0.5 * rounded)):
            for name in names:
                for channel in sides(name):
                    frames[:, channel] -= share * self._standing[channel]


class _Utterance:
    """What is known of the utterance being spoken."""

    def __init__(self, chunk: SpeechChunk, setting: Mood, seed: int) -> None:
        self.number = chunk.utterance
        self.rate = chunk.audio.rate
        self.samples = 0
        self._mood, self._seed = setting, seed
        self._source: Timeline | None = None
        self.learn(chunk)

    def learn(self, chunk: SpeechChunk) -> None:
        """Takes over a timeline that says more than the one before."""
        self.final = chunk.final
        if self._source is not None and (chunk.timeline is self._source or chunk.timeline == self._source):
            return
        self._source = chunk.timeline
        self.timeline = timeline = without_tails(chunk.timeline)
        self.blind = not timeline.phonemes
        self.mouth = Coarticulation(cues(timeline.phonemes, chunk.language))
        self.gestures = Gestures(timeline, chunk.text, chunk.language, self._mood, (self._seed, chunk.utterance))

    def foreseen(self, times: Array) -> Array:
        """The jaw's gain from the loudness known ahead, as early as the jaw itself is."""
        return foreseen_gain(self.timeline, times + 0.05)
