"""What the server's events say, for the protocol's reference page; a test holds it against what the server sends."""

from __future__ import annotations

from typing import Any, Final

STANDARD: Final[dict[str, str]] = {
    "session.created": "First, once a place is free.",
    "session.updated": "A `session.update` was taken over; holds the whole session.",
    "error": "A client event could not be taken; `error.code` is stable, `error.event_id` the client's.",
    "input_audio_buffer.speech_started": "The person began to speak.",
    "input_audio_buffer.speech_stopped": "The person's turn is over.",
    "input_audio_buffer.committed": "The speech became the message `item_id`.",
    "input_audio_buffer.cleared": "The input buffer was emptied.",
    "conversation.item.added": "A message entered the conversation.",
    "conversation.item.done": "That message is complete.",
    "conversation.item.retrieved": "A message that was asked for.",
    "conversation.item.deleted": "A message left the conversation: on request, because it held no words, or because "
    "the person went on before anything of the answer was heard, and both parts became one message.",
    "conversation.item.truncated": "An answer was cut to what was heard.",
    "conversation.item.input_audio_transcription.completed": "What the person said.",
    "conversation.item.input_audio_transcription.failed": "The speech could not be transcribed.",
    "response.created": "An answer is on its way.",
    "response.output_item.added": "Its message has begun.",
    "response.content_part.added": "Its only part has begun.",
    "response.output_audio_transcript.delta": "The clause that is said in the audio that follows.",
    "response.output_audio.delta": "Base64 audio, about half a second ahead of real time.",
    "response.output_audio.done": "All audio was sent.",
    "response.output_audio_transcript.done": "The whole text of the audio.",
    "response.output_text.delta": "More text of an answer in text.",
    "response.output_text.done": "Its whole text.",
    "response.content_part.done": "The part is complete.",
    "response.output_item.done": "The message is complete, or `incomplete` when it was cut off.",
    "response.done": "The answer ended: `completed`, `cancelled` (`turn_detected`, `client_cancelled`) or `failed`.",
    "output_audio_buffer.started": "Over WebRTC: the answer begins to sound on the track.",
    "output_audio_buffer.stopped": "Over WebRTC: all of the answer was played.",
    "output_audio_buffer.cleared": "The person cut in: stop playing at once.",
}

OURS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "visavis.session": (
        "Right after `session.created`: who speaks, with what, how to come back, what was said before, and whether the "
        "person agreed that it is remembered.",
        {
            "session_id": "sess_…",
            "resume_token": "…",
            "persona": {"id": "genevieve", "name": "Genevieve", "languages": ["en", "zh", "es"]},
            "language": "en",
            "remembers": False,
            "history": [],
            "engines": [{"kind": "stt", "name": "whisper", "model": "whisper-base", "state": "ready"}],
            "limits": {"max_message_bytes": 15728640, "idle_timeout_s": 600, "resume_s": 180},
        },
    ),
    "visavis.queue": (
        "Before `session.created`, while all places are taken.",
        {"position": 1, "length": 1, "message": "All places are taken. You are next; …"},
    ),
    "visavis.motion.format": (
        "Once: how to read motion. A value is `int16 / 32767 * range` of its channel.",
        {"fps": 50, "channels": ["browDownLeft", "…"], "ranges": [1.0, "…"], "encoding": "int16le/32767*range"},
    ),
    "visavis.motion.delta": (
        "The face over time, when `session.visavis.motion` is on. Two layers are added: `speech` lies on its item's "
        "audio clock (`response_id`, `item_id`) and comes before its audio; `ambient` lies on the session's clock, in "
        "batches about half a second ahead.",
        {"layer": "ambient", "start_ms": 0, "frames": "base64"},
    ),
    "visavis.playout": (
        "Over WebRTC, where the server plays: `audio_ms` of the item lies at `track_ms` on the track's clock, which "
        "begins at 0 with the track. Sent when an item begins to sound, stops, or goes on after a pause. Each "
        "`visavis.motion.delta` of the `speech` layer has its own `track_ms`, as far as is known when it is sent.",
        {"response_id": "resp_…", "item_id": "item_…", "audio_ms": 0, "track_ms": 5120, "playing": True},
    ),
    "visavis.speech.words": (
        "When the words of a clause are said, on the item's audio clock.",
        {"item_id": "item_…", "words": [{"text": "Hello", "start_ms": 5, "end_ms": 330}]},
    ),
    "visavis.transcript.partial": (
        "What the person seems to have said so far, when `session.visavis.partials` is on; replaces the one before.",
        {"item_id": "item_…", "text": "I want to", "language": "en"},
    ),
    "visavis.state": (
        "What the avatar does: `idle`, `listening`, `thinking` or `speaking`.",
        {"state": "speaking", "response_id": "resp_…"},
    ),
    "visavis.language": ("The conversation goes on in this language.", {"language": "es"}),
    "visavis.profile": (
        "What the advisor knows; each null until it does.",
        {"goal": {"value": "python", "label": "Python"}, "level": None, "career": None},
    ),
    "visavis.recommendations": (
        "Courses to show.",
        {"courses": [{"id": "…", "title": "…", "level": "beginner", "hours": 20, "why": "…"}]},
    ),
    "visavis.citations": (
        "Where an answer comes from, right before it is said; a later one of the same answer replaces it. `start` and "
        "`end` count characters of the document's text, `page` is null where it has none.",
        {
            "response_id": "resp_…",
            "item_id": "item_…",
            "citations": [
                {
                    **{"number": 1, "passage": "…", "document": "…", "collection": "genevieve", "title": "Manual"},
                    **{"page": 3, "heading": "Care › Warranty", "text": "The lamp has a warranty of five years."},
                    **{"start": 1200, "end": 1239, "score": 0.82},
                }
            ],
        },
    ),
    "visavis.emotion": ("How the avatar feels.", {"emotion": "happy"}),
    "visavis.turn.waiting": (
        "The person has finished, but as many turns are being made as may be (VISAVIS_TURNS_AT_ONCE): where theirs "
        "stands, whenever that changes; `position` 0 once it has come.",
        {"position": 1, "length": 2},
    ),
    "visavis.turn.timings": (
        "After each answer: its times in milliseconds (below).",
        {"turn_id": "turn_…", "response_id": "resp_…", "transcript": 510.0, "first_audio": 840.0},
    ),
    "visavis.engines": (
        "A part of the server failed, or works again: all parts as they are now. A kind is out of order when none of "
        "its engines is `ready`; it comes back by itself.",
        {
            "engines": [
                {"kind": "stt", "name": "openai", "model": "whisper-base", "state": "failed", "detail": "The speech …"}
            ]
        },
    ),
    "visavis.notice": (
        "Something the person should know; the session goes on.",
        {"code": "tts.unavailable", "message": "…", "severity": "warning"},
    ),
}
