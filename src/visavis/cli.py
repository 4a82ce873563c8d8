"""`visavis`: the command line."""

from __future__ import annotations

import click
import uvicorn

from visavis import __version__
from visavis.engines.registry import Registry
from visavis.observe import logs
from visavis.server.app import create_app
from visavis.settings import Settings
from visavis.weights.commands import models


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Face-to-face AI that you host yourself."""


@main.command()
@click.option("--host", help="Address to listen on (VISAVIS_HOST; default 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (PORT; default 8000).")
def serve(host: str | None, port: int | None) -> None:
    """Serve the page and the Realtime protocol."""
    settings = Settings()
    logs.configure(settings.log_level, as_json=settings.log_json, pii=settings.log_pii)
    app = create_app(settings, Registry())
    uvicorn.run(
        app,
        host=host or settings.server.host,
        port=settings.server.port if port is None else port,
        ws_max_size=settings.server.max_frame_bytes,
        log_level="warning",
    )


main.add_command(models)
