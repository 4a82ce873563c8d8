"""`/docs`: the routes to read and to try, by Swagger UI; all of it comes from this server, nothing from elsewhere."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from starlette.responses import Response

from visavis.core.errors import VisavisError

_FILES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""Swagger UI styles its parts in place and draws its arrows from `data:`; what runs is the server's own."""

_PAGE: Final = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>visavis: routes</title>
    <link rel="icon" type="image/svg+xml" href="./favicon.svg" />
    <link rel="stylesheet" href="./docs/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="./docs/swagger-ui-bundle.js"></script>
    <script src="./docs/start.js"></script>
  </body>
</html>"""

_OPTIONS: Final = {"url": "./openapi.json", "dom_id": "#swagger-ui", "deepLinking": True, "validatorUrl": None}

_START: Final = f"SwaggerUIBundle({json.dumps(_OPTIONS)});\n"


def install(app: FastAPI) -> None:
    """Serves the page at `/docs` and its files below it."""
    folder = Path(str(files("fastapi_offline"))) / "static"
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def page() -> HTMLResponse:
        """The page."""
        return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})

    @router.get("/docs/start.js")
    async def start() -> Response:
        """What starts it: a file, because the policy lets nothing run that stands in the page."""
        return Response(_START, media_type="text/javascript")

    @router.get("/docs/{name}")
    async def file(name: str) -> FileResponse:
        """One of Swagger UI's files."""
        if name not in _FILES:
            raise VisavisError("http.missing", "There is no such file.")
        return FileResponse(folder / name, media_type=_FILES[name], headers={"Cache-Control": "max-age=3600"})

    app.include_router(router)
