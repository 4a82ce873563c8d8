"""Settings: conversations."""

from __future__ import annotations

from typing import Literal

from visavis.settings.source import FromEnvironment, variable


class SessionSettings(FromEnvironment):
    """How many may talk, and for how long."""

    places: int = variable(4, "VISAVIS_SESSIONS", description="Conversations at once; others wait in a queue.", ge=1)
    queue: int = variable(32, "VISAVIS_QUEUE", description="People who may wait for a place; others are refused.", ge=0)
    idle_timeout: float = variable(
        600.0, "VISAVIS_IDLE_TIMEOUT", description="Seconds of silence after which a conversation is ended.", gt=0
    )
    resume: float = variable(
        180.0, "VISAVIS_RESUME", description="Seconds for which a dropped conversation can be taken up again.", ge=0
    )
    ahead: Literal["all", "present", "none"] = variable(
        "all",
        "VISAVIS_AHEAD",
        description="Whose prompts are read and fixed lines spoken before they are needed: `all` personas' in all "
        "languages, which takes the processor for a minute after a start when nobody is there; only those of who is "
        "`present`; or `none`, where a server is started for each visit.",
    )
    persona: str = variable("genevieve", "VISAVIS_PERSONA", description="Persona of a client that names none it knows.")
    assistant: str = variable(
        "open",
        "VISAVIS_ASSISTANT",
        description="Persona behind `/ws`, `/interact` and `/api/v1/chat/stream` when the client names none.",
    )
    chat_keep: float = variable(
        1800.0,
        "VISAVIS_CHAT_KEEP",
        description="Seconds for which a chat over HTTP is kept between two messages.",
        gt=0,
    )
    chats: int = variable(
        256, "VISAVIS_CHATS", description="Chats over HTTP that are kept; beyond, the longest unused goes.", ge=1
    )
