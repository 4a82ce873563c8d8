"""Settings: where the server listens."""

from __future__ import annotations

from visavis.settings.source import FromEnvironment, variable


class ServerSettings(FromEnvironment):
    """Where the server listens and what it puts up with."""

    host: str = variable("127.0.0.1", "VISAVIS_HOST", description="Address to listen on.")
    port: int = variable(
        8000, "PORT", "VISAVIS_PORT", description="Port to listen on; 0 takes a free one.", ge=0, le=65535
    )
    origins: tuple[str, ...] = variable(
        (),
        "VISAVIS_ORIGINS",
        description="JSON list of further web origins whose pages may connect; the server's own page always may.",
    )
    max_message_bytes: int = variable(
        15 * 2**20,
        "VISAVIS_MAX_MESSAGE_BYTES",
        description="Longest client event in bytes; a longer one is refused with an error.",
        ge=1024,
    )
    max_frame_bytes: int = variable(
        64 * 2**20,
        "VISAVIS_MAX_FRAME_BYTES",
        description="Longest WebSocket message that is read at all; a longer one closes the connection (code 1009).",
        ge=1024,
    )
    patience: float = variable(
        30.0,
        "VISAVIS_PATIENCE",
        description="Seconds that the server waits for a request's head, for more of a body, and for a reader to read.",
        gt=0,
    )
    connections: int = variable(
        512, "VISAVIS_CONNECTIONS", description="Connections at once, of everybody; more requests get a 503.", ge=1
    )
