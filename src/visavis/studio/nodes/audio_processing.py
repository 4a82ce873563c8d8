"""First node: the voice, spoken from a script or read from a recording, with its words, phonemes and features."""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
from langgraph.runtime import Runtime

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.core.speech import Timeline
from visavis.engines.resample import at_rate
from visavis.engines.stt import STTOptions
from visavis.studio.activity import speech_spans
from visavis.studio.alignment import timeline_of
from visavis.studio.features import features
from visavis.studio.job import JobRequest
from visavis.studio.run import Run, request_of, say
from visavis.studio.sound import Recording, read_sound, write_wav
from visavis.studio.speech import Utterance, joined
from visavis.studio.state import AvatarState
from visavis.studio.voicing import speak

LEAD_IN: Final = 0.3
TAIL: Final = 0.5
"""Seconds of the silent face before and after a script; a recording is shown as long as it is."""

_SPOKEN: Final = 0.85
"""Share of this stage that the voice takes."""


@dataclass(frozen=True, slots=True)
class _Voice:
    """What is heard: ids of the utterances, the silence around them, and what it says."""

    utterances: list[str]
    lead_in: float
    tail: float
    language: Language
    text: str
    errors: tuple[str, ...] = ()


async def audio_processing(state: AvatarState, runtime: Runtime[Run]) -> AvatarState:
    """Fills in portrait_hash, audio, voice, timeline, duration, language, transcribed_text and audio_features.

    Raises VisavisError as `Sitters.seat`, `read_sound`, the TTS and the STT do, and `audio.no_speech`.
    """
    run, request = runtime.context, request_of(state)
    say(runtime, 0.0, "Preparing the face" if not request.script else "Reading the script")
    sitter = await asyncio.to_thread(run.tools.sitters.seat, request.portrait, run.memo.folder)
    await run.tools.drawers.warm()
    voice = await (_read if request.audio else _spoken)(request, runtime)
    say(runtime, _SPOKEN, "Listening to the voice")
    return {"portrait_hash": sitter.portrait_hash, **await asyncio.to_thread(_described, run, request, voice)}


async def _spoken(request: JobRequest, runtime: Runtime[Run]) -> _Voice:
    run = runtime.context
    language = await asyncio.to_thread(run.tools.scripts.language, request.script, request.language)

    def on_share(share: float) -> None:
        say(runtime, _SPOKEN * share, "Speaking the script")

    made = await speak(run, request.script, language, request.voice, on_share)
    return _Voice(made, LEAD_IN, TAIL, language, request.script.strip())


async def _read(request: JobRequest, runtime: Runtime[Run]) -> _Voice:
    run = runtime.context
    stt = run.tools.stt
    if stt is None:
        raise VisavisError("stt.unavailable", "No speech recognition is set up; set VISAVIS_STT, or write a script.")

    async def make() -> str:
        recording = await asyncio.to_thread(lambda: read_sound(run.tools.artifacts.path(request.audio)))
        samples = at_rate(AudioChunk(recording.samples, recording.rate), SPEECH_RATE)
        spans = await asyncio.to_thread(speech_spans, run.tools.vad, samples)
        if not spans:
            raise VisavisError("audio.no_speech", "Nobody speaks in this recording; choose one with a voice.")
        say(runtime, 0.2, "Writing down what is said")
        options = STTOptions(request.language, word_times=True)
        said = await stt.transcribe(AudioChunk(samples, SPEECH_RATE), options)
        say(runtime, 0.7, "Finding every sound")
        analysed = Recording(samples, SPEECH_RATE)
        heard = await asyncio.to_thread(features, analysed, spans)
        timeline = await asyncio.to_thread(timeline_of, said.words, said.language, analysed, run.tools.pronounce, heard)
        whole = Utterance(said.text, said.language, recording.samples, recording.rate, timeline)
        return await asyncio.to_thread(lambda: run.tools.artifacts.put(whole.encode(), "npz"))

    name = await run.once("hearing", make, audio=request.audio, language=request.language)
    utterance = Utterance.decode(await asyncio.to_thread(run.tools.artifacts.read, name))
    understood = bool(utterance.timeline.words)
    errors = () if understood else ("No words were understood; the mouth follows the loudness of the voice.",)
    return _Voice([name], 0.0, 0.0, utterance.language, utterance.text, errors)


def _described(run: Run, request: JobRequest, voice: _Voice) -> AvatarState:
    """What is measured of the voice; padded so that it ends with the last picture."""
    artifacts, fps = run.tools.artifacts, request.options.fps
    utterances = [Utterance.decode(artifacts.read(name)) for name in voice.utterances]
    spoken = sum(one.duration for one in utterances)
    duration = math.ceil((voice.lead_in + spoken + voice.tail) * fps - 1e-6) / fps
    rate = utterances[0].rate
    samples = _padded([one.samples for one in utterances], voice.lead_in, duration, rate)
    analysed = at_rate(AudioChunk(samples, rate), SPEECH_RATE)
    spans = speech_spans(run.tools.vad, analysed)
    found = features(Recording(analysed, SPEECH_RATE), spans)
    timeline = joined(utterances, voice.lead_in)
    return {
        "audio": artifacts.put(write_wav(Recording(analysed, SPEECH_RATE)), "wav"),
        "voice": artifacts.put(write_wav(Recording(samples, rate)), "wav"),
        "timeline": artifacts.put(_score(voice, timeline), "json"),
        "duration": duration,
        "language": voice.language,
        "transcribed_text": voice.text,
        "audio_features": {
            **found.summary(),
            "spans": [list(span) for span in spans],
            "arrays": artifacts.make("npz", found.save),
        },
        "errors": list(voice.errors),
    }


def _padded(parts: list[Samples], lead_in: float, duration: float, rate: int) -> Samples:
    whole = np.concatenate([np.zeros(round(lead_in * rate), np.float32), *parts])
    return np.pad(whole, (0, max(0, round(duration * rate) - len(whole)))).astype(np.float32)


def _score(voice: _Voice, timeline: Timeline) -> bytes:
    """The timeline artifact: words and phonemes on the video's clock, and the utterances they come from."""
    document = {
        "utterances": voice.utterances,
        "lead_in": voice.lead_in,
        "tail": voice.tail,
        "duration": timeline.duration,
        "exact": timeline.exact,
        "words": [asdict(word) for word in timeline.words],
        "phonemes": [asdict(phoneme) for phoneme in timeline.phonemes],
    }
    return json.dumps(document, ensure_ascii=False).encode()
