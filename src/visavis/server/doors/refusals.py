"""What the seeds' doors refuse, for the reference page; tests hold it against what they do."""

from __future__ import annotations

from typing import Final

REFUSALS: Final[dict[str, tuple[int, str]]] = {
    "item.empty": (400, "A message without words."),
    "audio.base64": (400, "`audio` that is not base64."),
    "audio.empty": (400, "No sound, or less than a tenth of a second."),
    "audio.not_audio": (400, "Nothing that is a recording, whatever its name says."),
    "audio.silent": (400, "Nothing above the noise of a quiet room."),
    "audio.too_long": (400, "Longer than VISAVIS_LONGEST_TURN."),
    "audio.no_words": (400, "A recording in which nobody says anything."),
    "upload.form": (415, "A form without a file."),
    "upload.broken": (400, "The sender stopped before the end."),
    "tts.unavailable": (503, "No voice can be had for an answer that has to be sound."),
    "event.binary": (400, "A binary message where JSON is spoken."),
    "event.malformed": (400, "A message that is no JSON."),
    "event.invalid": (400, "A message with a field that is missing or wrong; the sentence names it."),
    "event.unknown": (404, "A message of a type that is not known here."),
    "event.too_large": (413, "More bytes than VISAVIS_MAX_MESSAGE_BYTES."),
    "personas.unknown": (404, "A persona that is not here."),
    "session.name": (400, "A `session_id` with other than 64 letters, digits, underscores and hyphens."),
    "session.unknown": (404, "A conversation that is not here, not any more, or somebody else's."),
    "session.busy": (503, "A conversation in which another request is being answered for half a minute."),
    "session.ended": (503, "A conversation that was ended meanwhile."),
    "sessions.full": (503, "No place, and none for half a minute."),
    "response.empty": (400, "Nothing to say to that."),
    "server.loading": (503, "The models are still loading."),
}
"""Codes with their HTTP status, where they come over HTTP, and when they come."""
