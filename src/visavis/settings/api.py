"""Settings: the OpenAI-shaped routes."""

from __future__ import annotations

from visavis.settings.source import FromEnvironment, variable


class ApiSettings(FromEnvironment):
    """What the OpenAI-shaped routes take, so that conversations keep room in the same engines."""

    at_once: int = variable(
        3, "VISAVIS_API_AT_ONCE", description="Requests that use one engine at once, beside conversations.", ge=1
    )
    queue: int = variable(
        32, "VISAVIS_API_QUEUE", description="Requests that may wait for an engine; more are refused (429).", ge=0
    )
    max_tokens: int = variable(
        1024, "VISAVIS_API_MAX_TOKENS", description="Most tokens of an answer, whatever the client asks for.", ge=1
    )
    longest_speech: int = variable(
        4096, "VISAVIS_API_SPEECH", description="Longest text that is spoken, in characters.", ge=1
    )
    longest_recording: float = variable(
        900.0, "VISAVIS_API_RECORDING", description="Longest recording that is transcribed, in seconds.", ge=1, le=3600
    )
    max_audio_bytes: int = variable(
        25 * 2**20, "VISAVIS_API_AUDIO_BYTES", description="Largest recording that is taken.", ge=1024
    )
    most_texts: int = variable(
        2048, "VISAVIS_API_TEXTS", description="Texts that are embedded in one request at most.", ge=1
    )
    patience: float = variable(
        30.0, "VISAVIS_API_PATIENCE", description="Seconds for which a client may read nothing of an answer.", gt=0
    )
    longest: float = variable(
        600.0, "VISAVIS_API_LONGEST", description="Seconds after which a streamed answer is ended, read or not.", gt=0
    )
