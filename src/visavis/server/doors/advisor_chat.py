"""The learning advisor's HTTP routes, in the words of seed 000."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from visavis.core.errors import VisavisError
from visavis.server.access.caller import caller_of
from visavis.server.doors import sound_file
from visavis.server.doors.admission import received, role_of
from visavis.server.doors.guest import Guest
from visavis.server.doors.guests import Collected, Remembered
from visavis.server.doors.replies import Courses, replies
from visavis.server.house import House
from visavis.server.openai.caller import while_there

router = APIRouter(prefix="/api/v1", tags=["advisor"])
page = APIRouter()

_RECENT: Final = 20
"""Messages of the history that are shown."""

SessionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")]


class ChatBody(BaseModel):
    """A typed message, as `message` or as `text`."""

    model_config = ConfigDict(extra="ignore")

    message: str = Field("", max_length=8000, description="What the person says.")
    text: str = Field("", max_length=8000, description="The same; one of the two is needed.")
    session_id: SessionName = Field("", description="The conversation to go on with; empty begins one.")
    persona: str = Field("", max_length=64, description="Who shall answer; the server's persona otherwise.")

    @property
    def said(self) -> str:
        """The message itself. Raises VisavisError `item.empty`."""
        said = self.message.strip() or self.text.strip()
        if not said:
            raise VisavisError("item.empty", "The message holds no text.")
        return said


class ChatAnswer(BaseModel):
    """What she answers. `transcript` is what was heard in a recording."""

    session_id: str
    text: str
    collected_info: dict[str, str | None]
    courses: list[dict[str, Any]]
    transcript: str | None = None


class SessionMessage(BaseModel):
    """One message of the history."""

    role: str
    content: str


class SessionState(BaseModel):
    """Where a conversation stands: `phase` is `collecting` with an advisor, `chatting` with anybody else."""

    session_id: str
    persona: str
    language: str
    phase: Literal["collecting", "chatting"]
    collected: Collected
    history: list[SessionMessage]


class Health(BaseModel):
    """How the server and its parts are."""

    status: Literal["healthy", "loading", "failed"]
    detail: str
    components: dict[str, dict[str, Any]]


@router.post("/chat")
async def chat(body: ChatBody, request: Request) -> ChatAnswer:
    """Answers a typed message in text; the answer's `session_id` goes on with the conversation."""
    said, one = body.said, _remembered(request, body.session_id, body.persona)

    async def work() -> ChatAnswer:
        async with one.exchange(), received(_house(request), one.memory) as guest:
            await guest.say(said)
            return await _answer(guest, one)

    return await while_there(request, work())


@router.post("/chat/audio", openapi_extra=sound_file.FORM)
async def chat_audio(
    request: Request,
    session_id: Annotated[SessionName, Query()] = "",
    persona: Annotated[str, Query(max_length=64)] = "",
) -> ChatAnswer:
    """Answers a recording in text: a form with a file, or the file itself; any container that a browser records."""
    house = _house(request)
    data, fields = await sound_file.received(request)
    name = session_id or fields.get("session_id", "")
    one = _remembered(request, _checked(name), persona or fields.get("persona", ""))

    async def work() -> ChatAnswer:
        async with one.exchange(), received(house, one.memory) as guest:
            heard = await guest.hear(await sound_file.read(data, house.settings.turns.longest))
            return await _answer(guest, one, heard)

    return await while_there(request, work())


@router.get("/session/{session_id}")
async def session_state(session_id: Annotated[str, Path(max_length=64)], request: Request) -> SessionState:
    """What is known of the person, and the last messages."""
    one = _house(request).guests.find(caller_of(request).holder, session_id)
    recent = one.memory.conversation.messages[-_RECENT:]
    return SessionState(
        session_id=one.id,
        persona=one.memory.role.id,
        language=one.memory.language,
        phase=one.phase,
        collected=one.collected,
        history=[SessionMessage(role=message.role, content=message.text) for message in recent],
    )


@router.delete("/session/{session_id}")
async def clear_session(session_id: Annotated[str, Path(max_length=64)], request: Request) -> dict[str, str]:
    """Forgets a conversation."""
    _house(request).guests.forget(caller_of(request).holder, session_id)
    return {"status": "cleared", "session_id": session_id}


@router.get("/health", response_model=Health, responses={503: {"model": Health}})
async def advisor_health(request: Request) -> Response:
    """Each part of the server by its kind: name, model and state; without a key, only whether it is well."""
    report = _house(request).loader.report()
    if caller_of(request).reach == "nothing":
        report |= {"detail": "", "components": []}
    status = {"ready": "healthy"}.get(report["status"], report["status"])
    parts = {
        part["kind"]: {key: part[key] for key in ("name", "model", "state")} for part in report["components"][::-1]
    }
    health = Health(status=status, detail=report["detail"], components=parts)
    return JSONResponse(health.model_dump(), 200 if status == "healthy" else 503)


@page.get("/static/index.html", include_in_schema=False)
async def old_page() -> RedirectResponse:
    """Leads to the page."""
    return RedirectResponse("/")


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


def _checked(name: str) -> str:
    if len(name) > 64 or not all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in name):
        raise VisavisError("session.name", "A session_id has at most 64 letters, digits, underscores and hyphens.")
    return name


def _remembered(request: Request, name: str, persona: str) -> Remembered:
    house = _house(request)
    role = role_of(house, persona, house.settings.sessions.persona)
    return house.guests.open(role, caller_of(request).holder, name)


async def _answer(guest: Guest, one: Remembered, heard: str | None = None) -> ChatAnswer:
    texts: list[str] = []
    courses: list[dict[str, Any]] = []
    async for piece in replies(guest.answer("text"), one):
        if isinstance(piece, Courses):
            courses += [dict(course) for course in piece.courses]
        else:
            texts.append(piece.text)
    gap = "" if guest.memory.language == "zh" else " "
    return ChatAnswer(
        session_id=one.id, text=gap.join(texts), collected_info=one.collected, courses=courses, transcript=heard
    )
