"""One whole voice turn with the real models, through the stock `openai` client."""

from __future__ import annotations

import numpy as np
import pytest

from tests.server.serving import serving, settings
from tests.server.test_openai_client import SILENCE, audio_of, connected, hear, until
from visavis.core.media import AudioChunk
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.stt import STT, STTOptions
from visavis.engines.tts import TTS, TTSOptions
from visavis.settings import EngineSettings, SessionSettings
from visavis.weights.store import WeightStore


@pytest.mark.real
async def test_genevieve_hears_and_answers_aloud() -> None:
    store, registry = WeightStore(), Registry()
    tts: TTS = registry.create("tts", "kokoro", EngineContext(store))
    asked = tts.synthesize("Hello, I want to learn Python.", TTSOptions("en", "am_michael"))
    question = np.concatenate([chunk.audio.samples async for chunk in asked])
    await tts.aclose()
    made = settings(
        engines=EngineSettings(ollama_base_url="", tts="kokoro", stt_threads=1, llm_threads=1, tts_threads=1),
        sessions=SessionSettings(ahead="none"),
    )
    async with serving(made) as server, connected(server, "genevieve") as connection:
        await hear(connection, np.concatenate([question, SILENCE, SILENCE, SILENCE]))
        events = await until(connection, "response.done", patience=120)
    by = {event.type: event for event in events}
    assert "python" in by["conversation.item.input_audio_transcription.completed"].transcript.lower()
    assert by["visavis.profile"].goal["value"] == "python"
    said = by["response.output_audio_transcript.done"].transcript
    assert said.endswith("?")
    stt: STT = registry.create("stt", "whisper", EngineContext(store))
    heard = await stt.transcribe(AudioChunk(audio_of(events), 24_000), STTOptions("en"))
    await stt.aclose()
    assert "python" in heard.text.lower()
