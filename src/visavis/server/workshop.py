"""The studio of one server: what comes in, the jobs, and what the doors may ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from visavis.core.errors import VisavisError
from visavis.face.avatars import AvatarStore
from visavis.server.generate_body import GenerateBody
from visavis.server.job_view import job_view
from visavis.server.uploads import Uploads
from visavis.studio.admission import STOCK, admit
from visavis.studio.artifacts import Artifacts
from visavis.studio.job import JobRequest
from visavis.studio.ledger import JobRecord
from visavis.studio.script import Scripts

if TYPE_CHECKING:
    from visavis.server.production import Production
    from visavis.studio.worker import Worker

_PULSE: Final = 15.0
"""Seconds after which a watcher hears that the server is still there."""

_PICTURES: Final = (".jpg", ".png")
_SOUND: Final = ".wav"


class Workshop:
    """Answers the routes of the studio. Files can come in at once; jobs, when the engines are loaded."""

    def __init__(
        self, artifacts: Artifacts, uploads: Uploads, scripts: Scripts, avatars: AvatarStore, quiet: Callable[[], bool]
    ) -> None:
        self.artifacts, self.uploads = artifacts, uploads
        self._scripts, self._avatars, self._quiet = scripts, avatars, quiet
        self.wanted = asyncio.Event()
        """Set when somebody has asked for the studio."""
        self._working: Production | None = None
        self._trouble: VisavisError | None = None
        self._loaded = self._settled = False
        self._news = asyncio.Condition()

    @property
    def open(self) -> bool:
        """Whether it works."""
        return self._working is not None

    async def load(self) -> None:
        """The engines are there: whoever comes now is let in once the rest is."""
        async with self._news:
            self._loaded = True
            self._news.notify_all()

    async def start(self, working: Production) -> None:
        """The studio works."""
        await self._settle(working, None)

    async def fail(self, error: VisavisError) -> None:
        """The studio cannot work in this run of the server."""
        await self._settle(None, error)

    async def _settle(self, working: Production | None, error: VisavisError | None) -> None:
        async with self._news:
            self._working, self._trouble, self._settled = working, error, True
            self._news.notify_all()

    async def at_work(self, *, patient: bool = False) -> Production:
        """The studio, which is opened when it is first wanted. While the engines are still loading that is an error,
        unless one is `patient`.

        Raises VisavisError `server.loading`, and what prevents the studio.
        """
        self.wanted.set()
        if not (self._loaded or self._settled or patient):
            raise VisavisError("server.loading", "The models are still loading; try again soon.", retryable=True)
        async with self._news:
            await self._news.wait_for(lambda: self._settled)
        if self._working is None:
            assert self._trouble is not None
            raise self._trouble
        return self._working

    async def submit(self, body: GenerateBody, owner: str) -> dict[str, Any]:
        """Puts a job into the queue; returns its id, `status` and `position`.

        Raises VisavisError `job.source`, `script.…`, `consent.missing`, `options.…`, `tts.voice`,
        `avatar.unknown`, `artifact.unknown`, `portrait.not_a_picture`, `audio.not_audio`, `queue.full`,
        `server.loading`, `store.unavailable`, `storage.full`.
        """
        request = await asyncio.to_thread(self._admitted, body)
        working = await self.at_work()
        if request.voice and request.voice not in working.voices:
            raise VisavisError("tts.voice", "There is no such voice here; leave it out to have the language's own.")
        return _accepted(working.worker, await working.worker.submit(request, owner))

    async def retry(self, job_id: str) -> dict[str, Any]:
        """Has a failed or cancelled job go on. Raises VisavisError as `Worker.retry` does."""
        worker = (await self.at_work()).worker
        return _accepted(worker, await worker.retry(job_id))

    async def cancel(self, job_id: str) -> dict[str, Any]:
        """Cancels a job; returns how it stands then. Raises VisavisError as `Worker.cancel` does."""
        working = await self.at_work()
        return await self._view(working, await working.worker.cancel(job_id))

    async def view(self, job_id: str) -> dict[str, Any]:
        """How a job stands. Raises VisavisError `job.unknown`, `server.loading`, `store.unavailable`."""
        working = await self.at_work()
        return await self._view(working, await working.worker.get(job_id))

    async def statistics(self) -> dict[str, Any]:
        """What the dashboard shows. Raises VisavisError `server.loading`, `store.unavailable`."""
        return await (await self.at_work()).ledger.statistics()

    async def watch(self, job_id: str) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
        """The job whenever it has changed: ("progress", view), then ("done", view) or ("error", view); ("", {}) when
        nothing has changed for a while. While the server loads, it waits.

        Raises VisavisError `job.unknown`, and what prevents the studio.
        """
        working = await self.at_work(patient=True)
        records = working.worker.events(job_id)
        coming: asyncio.Future[JobRecord | None] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(records, None))
                done, _ = await asyncio.wait([coming], timeout=_PULSE)
                if not done:
                    yield "", {}
                    continue
                record, coming = coming.result(), None
                if record is None:
                    return
                yield _NAMES.get(record.status, "progress"), await self._view(working, record)
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.wait([coming])

    async def _view(self, working: Production, record: JobRecord) -> dict[str, Any]:
        state: dict[str, Any] = {}
        with suppress(VisavisError):
            state = dict((await working.pipeline.get_state(record.id)).values)
        position = working.worker.position(record.id)
        paused = record.status == "processing" and not self._quiet()
        return await asyncio.to_thread(job_view, record, self.artifacts, state, position=position, paused=paused)

    def _admitted(self, body: GenerateBody) -> JobRequest:
        request = body.request(self._scripts)
        admit(request, self._scripts)
        if request.portrait.startswith(STOCK):
            wanted = request.portrait.removeprefix(STOCK)
            if wanted not in {avatar.id for avatar in self._avatars.list()}:
                raise VisavisError("avatar.unknown", f"There is no avatar '{wanted}' here; /v1/avatars lists them.")
        else:
            self._require(request.portrait, _PICTURES, "portrait.not_a_picture", "the portrait", "image")
        if request.audio:
            self._require(request.audio, (_SOUND,), "audio.not_audio", "the recording", "audio")
        return request

    def _require(self, name: str, suffixes: tuple[str, ...], code: str, what: str, kind: str) -> None:
        if not name:
            raise VisavisError(code, f"Name {what}: what /api/v1/upload/{kind} returned for it.")
        self.artifacts.path(name)
        if not name.endswith(suffixes):
            raise VisavisError(code, f"For {what}, name what /api/v1/upload/{kind} returned; this is something else.")


def _accepted(worker: Worker, record: JobRecord) -> dict[str, Any]:
    """What seed 003 answers: a job that has been taken counts as processing, in the queue too."""
    return {"task_id": record.id, "status": "processing", "position": worker.position(record.id)}


_NAMES: Final = {"completed": "done", "failed": "error", "cancelled": "error"}
