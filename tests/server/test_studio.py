"""The studio's doors as seed 003 and our own pages use them, in front of a real pipeline with fake engines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from tests.server import media
from tests.server.serving import Served, serving, settings
from visavis.face.landmarks import MODEL
from visavis.live.memory import Memory
from visavis.settings import ServerSettings, StudioSettings
from visavis.weights.store import WeightStore

OVER = ("completed", "failed", "cancelled")

SMALL: dict[str, Any] = {"size": 256, "fps": 10}
"""A video that is made quickly."""

GENEVIEVE: dict[str, Any] = {"portrait": "avatar:genevieve", "script": "Hello.", "options": SMALL}


@pytest.fixture(scope="module", autouse=True)
def face_model() -> None:
    WeightStore().pull(MODEL)


@dataclass(frozen=True)
class Visitor:
    """A client of a server with a studio in `folder`."""

    served: Served
    http: httpx.AsyncClient
    folder: Path

    async def upload(self, kind: str, data: bytes) -> str:
        answer = await self.http.post(f"/api/v1/upload/{kind}", files={"file": data})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["path"])

    async def generate(self, **body: Any) -> str:
        answer = await self.http.post("/api/v1/generate", json=body)
        assert answer.status_code == 202, answer.text
        assert answer.json()["status"] == "processing"
        return str(answer.json()["task_id"])

    async def status(self, task: str) -> dict[str, Any]:
        answer = await self.http.get(f"/api/v1/status/{task}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def finished(self, task: str) -> dict[str, Any]:
        async with asyncio.timeout(120):
            while (found := await self.status(task))["status"] not in OVER:  # noqa: ASYNC110 - asked as pages ask
                await asyncio.sleep(0.1)
        return found

    async def events(self, task: str) -> list[tuple[str, dict[str, Any]]]:
        """All events of a job up to its last."""
        found = []
        async with self.http.stream("GET", f"/api/v1/status/{task}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            name = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    found.append((name, json.loads(line.removeprefix("data: "))))
        return found

    def files(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "files").glob("*"))


@asynccontextmanager
async def studio(folder: Path, *, largest: int = 2_000_000, **parts: Any) -> AsyncIterator[Visitor]:
    made = settings(
        studio=StudioSettings(folder=folder, **parts), server=ServerSettings(port=0, max_message_bytes=largest)
    )
    async with serving(made) as served, httpx.AsyncClient(base_url=served.http, timeout=120) as client:
        yield Visitor(served, client, folder)


async def test_the_example_requests_of_seed_003(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        http = visitor.http
        assert (await http.get("/health")).json() == {"status": "healthy"}
        image, audio = (
            await visitor.upload("image", media.jpeg(media.face())),
            await visitor.upload("audio", media.wav(media.voice(0.8))),
        )
        body = {"image_path": image, "audio_path": audio, "fps": 25, "resolution": [512, 512]}
        refused = await http.post("/api/v1/generate", json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "consent.missing")
        task = await visitor.generate(**body, consent=True)
        status = await visitor.finished(task)
        assert (status["task_id"], status["status"], status["progress"]) == (task, "completed", 100), status
        assert status["video_url"].startswith("/outputs/") and status["video_url"].endswith(".mp4")
        assert status["emotion"] in {"happy", "sad", "angry", "fearful", "disgusted", "surprised", "neutral"}
        controls = {"blink_rate", "head_tilt", "expression_intensity", "mouth_openness", "eyebrow_raise"}
        assert set(status["avatar_control"]) == controls
        assert all(0 <= value <= 1 for value in status["avatar_control"].values())
        stats = (await http.get("/api/v1/stats/dashboard")).json()
        assert (stats["total_jobs"], stats["completed"], stats["success_rate"]) == (1, 1, 100.0)
        assert stats["avg_fps"] > 0 and 0 <= stats["avg_quality"] <= 100
        video = tmp_path / "video.mp4"
        video.write_bytes((await http.get(status["video_url"])).content)
        with av.open(str(video)) as film:
            picture, sound = film.streams.video[0], film.streams.audio[0]
            assert (picture.width, picture.height) == (512, 512)
            assert float(picture.average_rate or 0) == 25
            heard = float((sound.duration or 0) * (sound.time_base or 0))
            assert picture.frames / 25 == pytest.approx(heard, abs=0.04)
        gone = await http.delete(f"/api/v1/status/{task}")
        assert gone.json()["status"] == "completed"


async def test_progress_moves_to_the_end(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        events = await visitor.events(await visitor.generate(**GENEVIEVE))
        assert [name for name, _ in events[:-1]] == ["progress"] * (len(events) - 1)
        name, last = events[-1]
        assert (name, last["status"]) == ("done", "completed"), last
        shares = [view["progress"] for _, view in events]
        assert shares == sorted(shares)
        assert len(set(shares)) > 4 and shares[-1] == 100
        assert [stage["share"] for stage in last["stages"].values()] == [1.0] * 5
        assert all(stage["seconds"] is not None for stage in last["stages"].values())
        assert last["control_source"] in {"llm", "heuristics", "defaults"}
        assert last["provenance"]["engine"] and last["quality"]
        for url in (last["preview_url"], last["captions"]["srt"], last["captions"]["vtt"]):
            assert (await visitor.http.get(url)).status_code == 200
        assert await visitor.events(last["task_id"]) == [("done", last)]


def bad_jobs(picture: str, sound: str) -> list[tuple[str, dict[str, Any], str, int]]:
    ours = {"portrait": "avatar:genevieve", "script": "Hello."}
    agreed = {"portrait": True, "voice": True}
    nobody = f"{'0' * 64}.jpg"
    return [
        ("an empty script", {**ours, "script": " \n"}, "script.empty", 400),
        ("no script", {"portrait": "avatar:genevieve"}, "script.empty", 400),
        ("a script in a fourth language", {**ours, "script": "Bonjour, je suis très heureuse d'être là."},
         "script.language", 400),
        ("a fourth language", {**ours, "language": "fr"}, "script.language", 400),
        ("a long script", {**ours, "script": "word " * 2000}, "script.too_long", 400),
        ("a script and a recording", {**ours, "audio": sound, "consent": agreed}, "job.source", 400),
        ("no portrait", {"script": "Hello."}, "consent.missing", 422),
        ("a face without consent", {**ours, "portrait": picture}, "consent.missing", 422),
        ("a voice without consent", {"portrait": "avatar:genevieve", "audio": sound}, "consent.missing", 422),
        ("a voice with consent for the face", {"portrait": picture, "audio": sound, "consent": {"portrait": True}},
         "consent.missing", 422),
        ("nobody", {**ours, "portrait": "", "consent": agreed}, "portrait.not_a_picture", 400),
        ("an unknown avatar", {**ours, "portrait": "avatar:nobody"}, "avatar.unknown", 404),
        ("an unknown picture", {**ours, "portrait": nobody, "consent": agreed}, "artifact.unknown", 404),
        ("a path", {**ours, "portrait": "../../etc/passwd", "consent": agreed}, "artifact.unknown", 404),
        ("a sound as portrait", {**ours, "portrait": sound, "consent": agreed}, "portrait.not_a_picture", 400),
        ("a picture as sound", {"portrait": picture, "audio": picture, "consent": agreed}, "audio.not_audio", 400),
        ("an unknown voice", {**ours, "voice": "nobody"}, "tts.voice", 400),
        ("a tiny video", {**ours, "options": {"size": 16}}, "request.invalid", 422),
        ("a tiny video in the seed's words", {**ours, "resolution": [16, 16]}, "options.invalid", 400),
        ("an oblong video", {**ours, "resolution": [640, 480]}, "request.invalid", 422),
        ("a transparent MP4", {**ours, "options": {"background": "transparent"}}, "options.transparent", 400),
        ("an unknown field", {**ours, "coffee": True}, "request.invalid", 422),
        ("a script that is none", {**ours, "script": {"a": 1}}, "request.invalid", 422),
    ]  # fmt: skip


async def test_bad_jobs_get_their_codes_and_leave_nothing_behind(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        picture, sound = (
            await visitor.upload("image", media.jpeg(media.face())),
            await visitor.upload("audio", media.wav(media.voice())),
        )
        before = visitor.files()
        for name, body, code, status in bad_jobs(picture, sound):
            answer = await visitor.http.post("/api/v1/generate", json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), f"{name}: {answer.text}"
            assert answer.json()["error"]["message"].endswith("."), name
        for name, content, status in (
            ("no JSON", b"{", 422),
            ("deep JSON", b"[" * 100_000, 400),
            ("3 MB of JSON", json.dumps({"script": "a" * 3_000_000}).encode(), 413),
        ):
            answer = await visitor.http.post(
                "/api/v1/generate", content=content, headers={"content-type": "application/json"}
            )
            assert answer.status_code == status, f"{name}: {answer.text}"
            assert "error" in answer.json()
        assert (await visitor.http.get("/api/v1/stats/dashboard")).json()["total_jobs"] == 0
        assert visitor.files() == before
        assert (await visitor.finished(await visitor.generate(**GENEVIEVE)))["status"] == "completed"


async def test_what_is_not_known_is_a_404(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        for method, path in (
            ("GET", "/api/v1/status/nothing"),
            ("GET", "/api/v1/status/nothing/events"),
            ("DELETE", "/api/v1/status/nothing"),
            ("POST", "/api/v1/status/nothing/retry"),
            ("GET", f"/api/v1/status/{'0' * 32}"),
        ):
            answer = await visitor.http.request(method, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "job.unknown"), path
        for name in ("nothing", "..%2f..%2fstudio.db", "studio.db", f"{'0' * 64}.mp4", f"{'0' * 64}.npz"):
            answer = await visitor.http.get(f"/outputs/{name}")
            assert answer.status_code == 404, name


async def test_files_come_whole_or_in_parts_and_never_as_pages(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        data = media.wav(media.voice())
        name = await visitor.upload("audio", data)
        whole = await visitor.http.get(f"/outputs/{name}")
        assert whole.headers["accept-ranges"] == "bytes"
        assert whole.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in whole.headers["content-security-policy"]
        part = await visitor.http.get(f"/outputs/{name}", headers={"range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, whole.content[100:200])
        tail = await visitor.http.get(f"/outputs/{name}", headers={"range": "bytes=-10"})
        assert tail.content == whole.content[-10:]
        beyond = await visitor.http.get(f"/outputs/{name}", headers={"range": f"bytes={10**9}-"})
        assert beyond.status_code == 416
        head = await visitor.http.head(f"/outputs/{name}")
        assert (head.status_code, head.content) == (200, b"")
        saved = await visitor.http.get(f"/outputs/{name}", params={"download": "../my voice.wav"})
        assert saved.headers["content-disposition"] == "attachment; filename*=utf-8''my%20voice.wav"
        (visitor.folder / "files" / f"{'1' * 64}.json").write_text("{}")
        assert (await visitor.http.get(f"/outputs/{'1' * 64}.json")).status_code == 404


async def test_while_somebody_talks_videos_wait(tmp_path: Path) -> None:
    async with studio(tmp_path, queue=2) as visitor:
        house = visitor.served.app.state.house
        ticket = house.sessions.open(Memory.fresh(house.role("open")))
        ticket.quiet = lambda: False
        first = await visitor.generate(**GENEVIEVE)
        async with asyncio.timeout(60):
            while (await visitor.status(first))["position"]:  # noqa: ASYNC110 - until it is begun, and none waits
                await asyncio.sleep(0.05)
        second, third = [await visitor.generate(**GENEVIEVE) for _ in range(2)]
        assert (await visitor.http.post("/api/v1/generate", json=GENEVIEVE)).json()["error"]["code"] == "queue.full"
        await asyncio.sleep(1.0)
        waiting = await visitor.status(first)
        assert (waiting["status"], waiting["paused"], waiting["stage"]) == ("processing", True, "audio_processing")
        assert (await visitor.status(third))["position"] == 2
        gone = (await visitor.http.delete(f"/api/v1/status/{second}")).json()
        assert (gone["status"], gone["position"]) == ("cancelled", None)
        assert (await visitor.status(third))["position"] == 1
        ticket.quiet = lambda: True
        assert (await visitor.finished(first))["status"] == "completed"
        assert (await visitor.finished(third))["paused"] is False


async def test_drawing_rests_while_somebody_talks(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        task = await visitor.generate(**{**GENEVIEVE, "script": "Hello there. " * 60})
        async with asyncio.timeout(120):
            while not (await visitor.status(task))["message"].startswith("Drawing"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        house = visitor.served.app.state.house
        ticket = house.sessions.open(Memory.fresh(house.role("open")))
        ticket.quiet = lambda: False
        await asyncio.sleep(1.0)
        resting = await visitor.status(task)
        assert (resting["paused"], resting["stage"]) == (True, "video_generation")
        await asyncio.sleep(1.5)
        assert (await visitor.status(task))["message"] == resting["message"]
        ticket.quiet = lambda: True
        async with asyncio.timeout(60):
            while (await visitor.status(task))["message"] == resting["message"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        ticket.quiet = lambda: False
        await asyncio.sleep(0.5)
        begin = asyncio.get_running_loop().time()
        assert (await visitor.http.delete(f"/api/v1/status/{task}")).json()["status"] == "cancelled"
        assert asyncio.get_running_loop().time() - begin < 4


async def test_a_cancelled_video_goes_on_when_it_is_retried(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        task = await visitor.generate(**{**GENEVIEVE, "script": "Hello there. " * 8})
        async with asyncio.timeout(60):
            while (await visitor.status(task))["stage"] != "video_generation":  # noqa: ASYNC110 - asked as pages ask
                await asyncio.sleep(0.05)
        watching = asyncio.create_task(visitor.events(task))
        cancelled = (await visitor.http.delete(f"/api/v1/status/{task}")).json()
        assert cancelled["status"] == "cancelled"
        name, last = (await watching)[-1]
        assert (name, last["status"]) == ("error", "cancelled")
        again = await visitor.http.post(f"/api/v1/status/{task}/retry")
        assert (again.status_code, again.json()["task_id"]) == (202, task)
        assert (await visitor.http.post(f"/api/v1/status/{task}/retry")).json()["error"]["code"] == "job.unfinished"
        assert (await visitor.finished(task))["status"] == "completed"
        assert (await visitor.http.post(f"/api/v1/status/{task}/retry")).json()["error"]["code"] == "job.completed"


async def test_other_sites_pages_may_not_ask(tmp_path: Path) -> None:
    async with studio(tmp_path) as visitor:
        for method, path in (("POST", "/api/v1/generate"), ("DELETE", "/api/v1/status/x"),
                             ("POST", "/api/v1/status/x/retry")):  # fmt: skip
            answer = await visitor.http.request(
                method, path, json=GENEVIEVE, headers={"origin": "https://elsewhere.example"}
            )
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin.refused"), path


async def test_a_studio_without_its_database_says_so_and_conversations_go_on(tmp_path: Path) -> None:
    (tmp_path / "studio.db").mkdir()
    async with studio(tmp_path) as visitor:
        answer = await visitor.http.post("/api/v1/generate", json=GENEVIEVE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store.unavailable")
        assert (await visitor.http.get("/readyz")).status_code == 200
