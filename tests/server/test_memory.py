"""Being remembered: off unless the host turns it on, nothing without agreement, seen, taken away and deleted."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.server.serving import Served, serving, settings
from tests.server.webrtc.caller import calling
from visavis.settings import MemorySettings, Settings

HEADER = "x-visavis-person"
THIMBLES = "I collect silver thimbles."


def remembering(folder: Path, *, on: bool = True) -> Settings:
    return settings().model_copy(update={"memory": MemorySettings(on=on, folder=folder, days=7)})


def secret() -> str:
    return secrets.token_urlsafe(32)


@asynccontextmanager
async def browser(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{served.http}/api/v1", timeout=30) as client:
        yield client


async def until(socket: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            event: dict[str, Any] = json.loads(await socket.recv())
            if event["type"] == kind:
                return event


@asynccontextmanager
async def visit(
    served: Served, person: str | None, query: str = "model=open"
) -> AsyncIterator[tuple[ClientConnection, dict[str, Any]]]:
    offered = [Subprotocol("realtime"), Subprotocol(f"visavis-person.{person}")] if person else None
    async with connect(f"{served.ws}?{query}", subprotocols=offered, proxy=None) as socket:
        assert socket.subprotocol == ("realtime" if person else None)
        yield socket, await until(socket, "visavis.session")


async def write(socket: ClientConnection, text: str) -> str:
    """Types this, and returns the answer when all of it was given."""
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
    await socket.send(json.dumps({"type": "response.create", "response": {"output_modalities": ["text"]}}))
    answer: str = (await until(socket, "response.output_text.done"))["text"]
    await until(socket, "visavis.turn.timings")
    return answer


async def greeting(socket: ClientConnection) -> str:
    await socket.send(json.dumps({"type": "response.create", "response": {"output_modalities": ["text"]}}))
    text: str = (await until(socket, "response.output_text.done"))["text"]
    await until(socket, "visavis.turn.timings")
    return text


async def kept(client: httpx.AsyncClient, me: dict[str, str], count: int) -> dict[str, Any]:
    """What the one persona remembers, once it is so many conversations: they are written down behind the turn."""
    async with asyncio.timeout(30):
        while True:
            personas = (await client.get("/memory", headers=me)).json()["personas"]
            if sum(len(one["conversations"]) for one in personas) == count:
                found: dict[str, Any] = personas[0]
                return found
            await asyncio.sleep(0.02)


def holds(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_who_agrees_is_remembered_until_they_delete_it(tmp_path: Path) -> None:
    async with serving(remembering(tmp_path)) as served, browser(served) as client:
        me = {HEADER: secret()}
        agreed = await client.put("/memory/agreement", headers=me)
        assert agreed.status_code == 200 and agreed.json()["agreed_at"] and agreed.json()["personas"] == []
        async with visit(served, me[HEADER]) as (socket, session):
            assert session["remembers"] and session["history"] == []
            answer = await write(socket, THIMBLES)
            await kept(client, me, 1)
        async with visit(served, me[HEADER]) as (socket, session):
            assert [(one["role"], one["text"]) for one in session["history"]] == [
                ("user", THIMBLES),
                ("assistant", answer),
            ]
            assert await greeting(socket) == "Welcome back! It's good to see you again."
            await kept(client, me, 2)
        for stranger in (None, secret()):
            async with visit(served, stranger) as (_, session):
                assert not session["remembers"] and session["history"] == []
        async with visit(served, me[HEADER], "model=genevieve") as (_, session):
            assert session["history"] == []
        seen = (await client.get("/memory", headers=me)).json()
        assert (seen["enabled"], seen["days"]) == (True, 7)
        [theo] = seen["personas"]
        assert (theo["persona"], theo["name"], len(theo["conversations"])) == ("open", "Theo", 2)
        assert [one["text"] for one in theo["conversations"][1]["messages"]] == [THIMBLES, answer]
        taken = await client.get("/memory/export", headers=me)
        assert taken.json()["personas"] == seen["personas"] and "attachment" in taken.headers["content-disposition"]
        gone = theo["conversations"][1]["id"]
        assert (await client.delete(f"/memory/{gone}", headers=me)).status_code == 204
        assert (await client.delete(f"/memory/{gone}", headers=me)).json()["error"]["code"] == "memory.unknown"
        assert not await asyncio.to_thread(holds, tmp_path, "thimbles")
        assert (await client.delete("/memory", headers=me)).status_code == 204
        assert (await client.get("/memory", headers=me)).json()["personas"] == []
        async with visit(served, me[HEADER]) as (_, session):
            assert session["remembers"] and session["history"] == []
        assert (await client.delete("/memory/agreement", headers=me)).status_code == 204
        assert (await client.get("/memory", headers=me)).json()["agreed_at"] is None


async def test_a_caller_over_webrtc_is_remembered_like_everybody_else(tmp_path: Path) -> None:
    async with serving(remembering(tmp_path)) as served, browser(served) as client:
        me = {HEADER: secret()}
        await client.put("/memory/agreement", headers=me)
        async with visit(served, me[HEADER]) as (socket, _):
            answer = await write(socket, THIMBLES)
            await kept(client, me, 1)
        for headers, history in ((me, [THIMBLES, answer]), ({HEADER: secret()}, [])):
            async with calling(served, headers=headers) as caller:
                session = (await caller.until("visavis.session"))[-1]
                assert session["remembers"] == bool(history)
                assert [one["text"] for one in session["history"]] == history
        refused = await client.post(f"{served.http}/v1/realtime/calls", headers={HEADER: "short"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "memory.person")


async def test_revoking_ends_it_in_the_conversation_that_goes_on(tmp_path: Path) -> None:
    async with serving(remembering(tmp_path)) as served, browser(served) as client:
        me = {HEADER: secret()}
        async with visit(served, None) as (socket, session):
            await write(socket, "Said before anybody agreed.")
            await client.put("/memory/agreement", headers=me)
            again = f"model=open&session={session['session_id']}&token={session['resume_token']}"
            async with visit(served, me[HEADER], again) as (same, resumed):
                assert resumed["session_id"] == session["session_id"] and resumed["remembers"]
                await write(same, THIMBLES)
                await kept(client, me, 1)
                await client.delete("/memory/agreement", headers=me)
                await write(same, "I also collect buttons.")
        async with visit(served, me[HEADER]) as (_, session):
            assert not session["remembers"] and session["history"] == []
    assert not any([await asyncio.to_thread(holds, tmp_path, text) for text in ("thimbles", "buttons", me[HEADER])])


async def test_the_advisor_goes_on_with_what_she_knew(tmp_path: Path) -> None:
    async with serving(remembering(tmp_path)) as served, browser(served) as client:
        me = {HEADER: secret()}
        await client.put("/memory/agreement", headers=me)
        async with visit(served, me[HEADER], "model=genevieve") as (socket, _):
            await write(socket, "I want to learn Python.")
        assert (await kept(client, me, 1))["facts"] == {"goal": "python"}
        async with visit(served, me[HEADER], "model=genevieve") as (socket, _):
            question = "How much experience do you already have?"
            assert await greeting(socket) == f"Welcome back! It's good to see you again. {question}"


async def test_by_default_nobody_is_remembered_and_nothing_is_kept(tmp_path: Path) -> None:
    async with serving(remembering(tmp_path, on=MemorySettings().on)) as served, browser(served) as client:
        me = {HEADER: secret()}
        assert (await client.get("/memory", headers=me)).json() == {
            "enabled": False, "days": 7, "agreed_at": None, "personas": [],
        }  # fmt: skip
        for method, path in (("PUT", "/agreement"), ("DELETE", "/agreement"), ("DELETE", ""), ("DELETE", "/x")):
            refused = await client.request(method, f"/memory{path}", headers=me)
            assert (refused.status_code, refused.json()["error"]["code"]) == (409, "memory.off")
        async with visit(served, me[HEADER]) as (socket, session):
            assert not session["remembers"]
            await write(socket, THIMBLES)
        async with visit(served, me[HEADER]) as (_, session):
            assert session["history"] == []
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_without_agreement_nothing_is_kept(tmp_path: Path) -> None:
    async with serving(remembering(tmp_path)) as served, browser(served) as client:
        person = secret()
        for shown in (person, None):
            async with visit(served, shown) as (socket, session):
                assert not session["remembers"]
                await write(socket, THIMBLES)
        assert (await client.get("/memory", headers={HEADER: person})).json()["agreed_at"] is None
        assert (tmp_path / "memory.db").is_file() and not await asyncio.to_thread(holds, tmp_path, "thimbles")


@pytest.mark.parametrize("shown", ["", "short", "x" * 200, "ä" * 43])
async def test_a_secret_that_could_be_guessed_is_refused(tmp_path: Path, shown: str) -> None:
    async with serving(remembering(tmp_path), wait=False) as served, browser(served) as client:
        refused = await client.put("/memory/agreement", headers=[(HEADER.encode(), shown.encode())])
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "memory.person")
