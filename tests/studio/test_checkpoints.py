from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres import running_cluster
from tests.studio.rehearsal import asked, rehearsal
from visavis.core.errors import VisavisError
from visavis.face.avatars import AvatarStore
from visavis.studio.checkpoints import open_checkpoints


async def test_jobs_go_on_from_postgresql(tmp_path: Path, avatars: AvatarStore) -> None:
    with running_cluster() as cluster:
        url = cluster.new_database().replace("postgresql://", "postgresql+psycopg://")
        async with rehearsal(tmp_path, avatars, url=url) as studio:
            await studio.until(asked("Hi Pam."), lambda news: news.stage == "video_generation")
        async with rehearsal(tmp_path, avatars, url=url) as studio:
            assert (await studio.pipeline.get_state("job")).next == ("video_generation",)
            state = await studio.pipeline.resume("job")
            assert state["enhanced_video"] in studio.tools.artifacts


@pytest.mark.parametrize("url", ["mongodb://here", "postgresql://visavis@/none?host=/nowhere"])
async def test_no_database(url: str) -> None:
    with pytest.raises(VisavisError) as refused:
        async with open_checkpoints(url):
            pass
    assert refused.value.code == "store.unavailable"
