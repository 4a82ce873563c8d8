"""The page: built from `web/`, packed into the wheel, served as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

FOLDER: Final = Path(__file__).parent / "static"
"""Where the built page lies."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""The page's content security policy: nothing runs, and nothing is fetched, that is not the server's own."""

_PLAIN_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_ALWAYS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

_NOT_BUILT: Final = """<!doctype html><meta charset="utf-8"><title>visavis</title>
<body style="font: 1rem/1.5 system-ui; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<h1>The page is not built</h1>
<p>The server runs, but its page is missing. In a clone, run <code>make run</code> (or <code>make web</code>) once;
an installed wheel always holds it. The Realtime protocol at <code>/v1/realtime</code> works without it.</p>"""


class _Files(StaticFiles):
    """The page's files, with its headers."""

    async def get_response(self, path: str, scope: Any) -> Response:
        """A file; HTML comes with the policy."""
        response = await super().get_response(path, scope)
        response.headers.update(_ALWAYS)
        if response.media_type == "text/html":
            response.headers["Content-Security-Policy"] = POLICY
        return response


def install(app: FastAPI, folder: Path = FOLDER) -> None:
    """Serves the page at `/`, `/studio`, `/dashboard` and `/knowledge`, and its files beside it."""
    index = folder / "index.html"
    router = APIRouter()

    @router.get("/", include_in_schema=False, response_model=None)
    @router.get("/studio", include_in_schema=False, response_model=None)
    @router.get("/dashboard", include_in_schema=False, response_model=None)
    @router.get("/knowledge", include_in_schema=False, response_model=None)
    async def page() -> FileResponse | HTMLResponse:
        """The page, or how to build it."""
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, 503, {**_ALWAYS, "Content-Security-Policy": _PLAIN_POLICY})
        headers = {**_ALWAYS, "Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return FileResponse(index, headers=headers)

    app.include_router(router)
    if folder.is_dir():
        app.mount("/", _Files(directory=folder), name="page")
