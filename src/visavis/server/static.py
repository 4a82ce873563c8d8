"""The page: built from `web/`, packed into the wheel, served as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles

FOLDER: Final = Path(__file__).parent / "static"
"""Where the built page lies."""

_NOT_BUILT: Final = """<!doctype html><meta charset="utf-8"><title>visavis</title>
<body style="font: 1rem/1.5 system-ui; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<h1>The page is not built</h1>
<p>The server runs, but its page is missing. In a clone, run <code>make run</code> (or <code>make web</code>) once;
an installed wheel always holds it. The Realtime protocol at <code>/v1/realtime</code> works without it.</p>"""


def install(app: FastAPI, folder: Path = FOLDER) -> None:
    """Serves the page at `/`, its files beside it, and the page again for every path of its own."""
    index = folder / "index.html"
    router = APIRouter()

    @router.get("/", include_in_schema=False, response_model=None)
    async def page() -> FileResponse | HTMLResponse:
        """The page, or how to build it."""
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, status_code=503)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    app.include_router(router)
    if folder.is_dir():
        app.mount("/", StaticFiles(directory=folder), name="page")
