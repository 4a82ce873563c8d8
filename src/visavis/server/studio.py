"""Runs the studio in the background of a server, beside the conversations and behind them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from platformdirs import user_data_path

from visavis.core.errors import VisavisError
from visavis.engines.pool import EnginePool
from visavis.face.avatars import AvatarStore
from visavis.face.emotion_network import EmotionNetwork
from visavis.face.landmarks import Landmarker
from visavis.server.late_import import late_import
from visavis.server.uploads import UploadLimits, Uploads
from visavis.server.workshop import Workshop
from visavis.settings import Settings
from visavis.studio.artifacts import Artifacts
from visavis.studio.script import Scripts
from visavis.weights.store import WeightStore

_log = structlog.get_logger(__name__)

DATABASE: Final = "studio.db"
"""The jobs' own database, in the studio's folder."""


class Studio:
    """The studio of one server; `workshop` is what the routes use, from the start.

    The rest, which takes seconds to import, is opened when somebody wants it, or when an earlier run has left jobs.
    """

    def __init__(
        self,
        settings: Settings,
        avatars: AvatarStore,
        landmarker: Callable[[], Landmarker],
        quiet: Callable[[], bool],
    ) -> None:
        mine = settings.studio
        self._weights = WeightStore(settings.models_folder)
        self._settings, self._avatars, self._landmarker, self._quiet = mine, avatars, landmarker, quiet
        self._folder = settings.studio_folder or user_data_path("visavis") / "studio"
        self._scripts = Scripts(mine.longest_script)
        artifacts = Artifacts(self._folder / "files")
        limits = UploadLimits(mine.max_audio_bytes, mine.max_video_bytes, mine.longest_recording)
        uploads = Uploads(artifacts, self._folder / "incoming", landmarker, limits)
        self.workshop = Workshop(artifacts, uploads, self._scripts, avatars, quiet)

    async def run(self, engines: Callable[[], Awaitable[EnginePool]]) -> None:
        """Works until it is cancelled; `engines` returns when they are loaded. The job at hand is taken up again by the
        next run. What prevents the studio is kept for who asks; the conversations go on without it."""
        try:
            pool = await engines()
            await self.workshop.load()
            if not self._used:
                await self.workshop.wanted.wait()
            module = await late_import("visavis.server.production")
            premises = module.Premises(
                self._settings,
                self._settings.database or f"sqlite:///{self._folder / DATABASE}",
                self._folder,
                self.workshop.artifacts,
                self._avatars,
                self._landmarker,
                lambda: EmotionNetwork.from_store(self._weights),
                self._scripts,
                self._quiet,
            )
            async with module.production(premises, pool) as working:
                await self.workshop.start(working)
                _log.info("studio.ready")
                await working.worker.run()
        except VisavisError as error:
            _log.error("studio.failed", code=error.code, message=error.message)
            await self.workshop.fail(error)
        except Exception:
            _log.exception("studio.failed")
            await self.workshop.fail(
                VisavisError("studio.failed", "The studio could not start; the server's log says why.")
            )

    @property
    def _used(self) -> bool:
        """Whether there may be jobs of an earlier run."""
        return bool(self._settings.database) or (self._folder / DATABASE).is_file()
