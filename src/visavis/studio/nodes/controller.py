"""Third node: the five controls of the face, written by the language model, or by rules when it fails."""

from __future__ import annotations

import asyncio

from langgraph.runtime import Runtime

from visavis.studio.controls import decide
from visavis.studio.emotion import EmotionReading
from visavis.studio.features import AudioFeatures
from visavis.studio.run import Run, say
from visavis.studio.state import AvatarState


async def controller(state: AvatarState, runtime: Runtime[Run]) -> AvatarState:
    """Fills in avatar_control, control_source and mistral_response; a failure of the model is in errors."""
    run = runtime.context
    say(runtime, 0.0, "Directing the face")
    path = run.tools.artifacts.path(state["audio_features"]["arrays"])
    found = await asyncio.to_thread(AudioFeatures.load, path)
    reading = EmotionReading(emotion=state["emotion"], confidence=state["confidence"], signals={})
    decision = await decide(run.tools.llm, reading, found, state["transcribed_text"], state["language"])
    return {
        "avatar_control": decision.control.model_dump(),
        "control_source": decision.source,
        "mistral_response": decision.response,
        "errors": [decision.error] if decision.error else [],
    }
