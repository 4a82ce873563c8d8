"""The pipeline as a graph: five nodes in a row, each from ids in the state to more ids in the state."""

from __future__ import annotations

import time
from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from visavis.studio.job import Stage
from visavis.studio.nodes.audio_processing import audio_processing
from visavis.studio.nodes.controller import controller
from visavis.studio.nodes.emotion_detection import emotion_detection
from visavis.studio.nodes.quality_enhancement import quality_enhancement
from visavis.studio.nodes.video_generation import video_generation
from visavis.studio.run import Run
from visavis.studio.state import AvatarState

Graph = CompiledStateGraph[AvatarState, Run, AvatarState, AvatarState]


class Node(Protocol):
    """A stage: from the state to what it adds to it."""

    async def __call__(self, state: AvatarState, runtime: Runtime[Run]) -> AvatarState:
        """Does the work; raises VisavisError."""
        ...


def build_graph(checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """The compiled pipeline; with a checkpointer a job goes on after its last finished node."""
    graph = StateGraph(AvatarState, context_schema=Run)

    graph.add_node("audio_processing", timed("audio_processing", audio_processing))
    graph.add_node("emotion_detection", timed("emotion_detection", emotion_detection))
    graph.add_node("controller", timed("controller", controller))
    graph.add_node("video_generation", timed("video_generation", video_generation))
    graph.add_node("quality_enhancement", timed("quality_enhancement", quality_enhancement))

    graph.add_edge(START, "audio_processing")
    graph.add_edge("audio_processing", "emotion_detection")
    graph.add_edge("emotion_detection", "controller")
    graph.add_edge("controller", "video_generation")
    graph.add_edge("video_generation", "quality_enhancement")
    graph.add_edge("quality_enhancement", END)

    return graph.compile(checkpointer=checkpointer)


def timed(stage: Stage, node: Node) -> Node:
    """The node, with the seconds it took written into the state."""

    async def run(state: AvatarState, runtime: Runtime[Run]) -> AvatarState:
        begin = time.monotonic()
        update = await node(state, runtime)
        return {**update, "performance": {stage: round(time.monotonic() - begin, 3)}}

    return run
