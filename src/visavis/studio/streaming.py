"""The second graph: sound in by pieces, motion and pictures out as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypedDict

import numpy as np
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from numpy.typing import NDArray

from visavis.core.media import AudioChunk, VideoFrame
from visavis.core.motion import FPS, Motion, compose
from visavis.core.speech import SpeechChunk, Timeline
from visavis.face.ambient import AmbientAnimator
from visavis.face.animator import SpeechAnimator
from visavis.face.direction import Direction
from visavis.face.renderer import Renderer

_ENDLESS: Final = 2**31
"""Steps that one stream may take: LangGraph wants a limit."""


class StreamState(TypedDict, total=False):
    """Where a stream is: pieces taken, pictures given, seconds of sound, and whether the sound has ended."""

    pieces: int
    video_frames: int
    seconds: float
    stream_stop: bool


@dataclass(frozen=True, slots=True, eq=False)
class Streamed:
    """A piece of sound with the motion that belongs to it and its pictures; all times in seconds of the stream."""

    audio: AudioChunk
    motion: Motion
    frames: tuple[VideoFrame, ...]


@dataclass(slots=True)
class Stage:
    """What one stream works with: where sound comes from, who moves and who draws. One stream to a stage."""

    source: AsyncIterator[AudioChunk | SpeechChunk]
    renderer: Renderer
    speech: SpeechAnimator
    ambient: AmbientAnimator
    fps: int = 25

    @classmethod
    def of(
        cls,
        source: AsyncIterator[AudioChunk | SpeechChunk],
        renderer: Renderer,
        *,
        emotion: str = "neutral",
        control: Mapping[str, float] | None = None,
        seed: int = 0,
        fps: int = 25,
    ) -> Stage:
        """A stage for sound from `source`: speech with its timeline moves the mouth by its phonemes, sound alone by its
        loudness. `control` as `Direction.of` takes it."""
        direction = Direction.of(emotion, control)
        ambient = AmbientAnimator(np.random.default_rng(seed), direction=direction)
        ambient.set_state("speaking")
        return cls(source, renderer, SpeechAnimator(seed, direction=direction), ambient, fps)


Graph = CompiledStateGraph[StreamState, Stage, StreamState, StreamState]


def build_streaming_graph() -> Graph:
    """The compiled graph: one node that takes a piece of sound at a time, and comes back to itself until it ends."""
    graph = StateGraph(StreamState, context_schema=Stage)
    graph.add_node("streaming", streaming)
    graph.add_edge(START, "streaming")
    graph.add_conditional_edges("streaming", should_continue, {"streaming": "streaming", END: END})
    return graph.compile()


async def streaming(state: StreamState, runtime: Runtime[Stage]) -> StreamState:
    """Takes the next piece, and gives out what it looks like."""
    stage = runtime.context
    piece = await anext(stage.source, None)
    if piece is None:
        return {"stream_stop": True}
    chunk = piece if isinstance(piece, SpeechChunk) else _unscripted(piece)
    begin = state.get("seconds", 0.0)
    given = state.get("video_frames", 0)
    streamed = await asyncio.to_thread(_performed, stage, chunk, begin, given)
    runtime.stream_writer(streamed)
    return {
        "pieces": state.get("pieces", 0) + 1,
        "video_frames": given + len(streamed.frames),
        "seconds": begin + chunk.audio.duration,
    }


def should_continue(state: StreamState) -> Literal["streaming", "__end__"]:
    """Once more, until the sound has ended."""
    return "__end__" if state.get("stream_stop", False) else "streaming"


async def stream(stage: Stage) -> AsyncIterator[Streamed]:
    """Runs the graph over all of the stage's sound. Each piece comes out before the next is taken; closing the iterator
    ends the stream."""
    graph = build_streaming_graph()
    async for news in graph.astream({}, {"recursion_limit": _ENDLESS}, context=stage, stream_mode="custom"):
        assert isinstance(news, Streamed)
        yield news


def _unscripted(audio: AudioChunk) -> SpeechChunk:
    """Sound of which only the loudness is known, as one endless utterance."""
    return SpeechChunk(audio, "", "en", Timeline(), utterance=0, final=False)


def _performed(stage: Stage, chunk: SpeechChunk, begin: float, given: int) -> Streamed:
    """Moves and draws one piece: the pictures whose time lies in it."""
    speech = stage.speech.push(chunk)
    motion = compose(stage.ambient.advance(len(speech.frames)), speech)
    audio = AudioChunk(chunk.audio.samples, chunk.audio.rate, begin)
    count = max(0, int(np.ceil(audio.end * stage.fps - 1e-6)) - given)
    frames = []
    for number in range(given, given + count):
        time = number / stage.fps
        frames.append(VideoFrame(stage.renderer.draw(_at(motion, time - begin)), time))
    return Streamed(audio, Motion(motion.frames, begin), tuple(frames))


def _at(motion: Motion, seconds: float) -> NDArray[np.float32]:
    """The motion frame nearest to a time within a piece; rest where there is none."""
    if not len(motion.frames):
        return np.zeros(motion.frames.shape[1], np.float32)
    place = min(max(round(seconds * FPS), 0), len(motion.frames) - 1)
    return np.asarray(motion.frames[place], np.float32)
