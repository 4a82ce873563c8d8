"""Second node: the feeling that is heard, read and seen, each signal kept apart."""

from __future__ import annotations

import asyncio

from langgraph.runtime import Runtime

from visavis.studio.emotion import detect
from visavis.studio.features import AudioFeatures
from visavis.studio.run import Run, request_of, say
from visavis.studio.state import AvatarState


async def emotion_detection(state: AvatarState, runtime: Runtime[Run]) -> AvatarState:
    """Fills in emotion, confidence and emotion_details. An emotion that was asked for is played whatever is heard;
    what is heard stands in the details then."""
    run, wanted = runtime.context, request_of(state).options.emotion
    say(runtime, 0.0, "Listening for the feeling")
    path = run.tools.artifacts.path(state["audio_features"]["arrays"])
    found = await asyncio.to_thread(AudioFeatures.load, path)
    face = await asyncio.to_thread(run.tools.sitters.feeling, request_of(state).portrait, run.memo.folder)
    reading = await asyncio.to_thread(detect, found, state["transcribed_text"], state["language"], face)
    return {
        "emotion": wanted or reading.emotion,
        "confidence": 1.0 if wanted else reading.confidence,
        "emotion_details": {**reading.fields(), "detected_emotion": reading.emotion, "asked_for": wanted},
    }
