"""`visavis serve` and `visavis doctor`."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Final

import click
import uvicorn

from visavis.core.errors import VisavisError
from visavis.engines.registry import Registry
from visavis.observe import logs
from visavis.server.app import create_app
from visavis.server.doctor import findings
from visavis.server.plan import needed_models, plan
from visavis.settings import Settings, read_settings
from visavis.weights.commands import pull_with_bar
from visavis.weights.store import WeightStore

_FAREWELL: Final = 3
"""Seconds that a download, or whoever watches a job, gets when the server ends."""


@click.command()
@click.option("--host", help="Address to listen on (VISAVIS_HOST; default 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (PORT; default 8000; 0 takes a free one).")
def serve(host: str | None, port: int | None) -> None:
    """Serve the page and the Realtime protocol; fetches missing models first."""
    try:
        settings = read_settings()
        logs.configure(settings.log_level, as_json=settings.log_json, pii=settings.log_pii)
        app = create_app(settings, Registry())
        _fetch(settings)
        listener = _listen(host or settings.server.host, settings.server.port if port is None else port)
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    address, number = listener.getsockname()[:2]
    click.echo(f"visavis is at http://{'localhost' if address in {'127.0.0.1', '0.0.0.0'} else address}:{number}")
    config = uvicorn.Config(
        app, log_level="warning", ws_max_size=settings.server.max_frame_bytes, timeout_graceful_shutdown=_FAREWELL
    )
    with suppress(KeyboardInterrupt):  # uvicorn has shut down and raises it again
        uvicorn.Server(config).run(sockets=[listener])


@click.command()
def doctor() -> None:
    """Say what works on this machine, and what is missing for a default start."""
    try:
        settings, good = read_settings(), True
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    for finding in findings(settings, Registry(), WeightStore(settings.models_folder)):
        good = good and finding.good
        mark = click.style("ok  ", fg="green") if finding.good else click.style("MISS", fg="red")
        click.echo(f"{mark} {finding.part:26} {finding.detail}")
    if not good:
        click.echo("Something is missing: see the lines marked MISS.")
        raise SystemExit(1)
    click.echo("All is here: `visavis serve` starts at once.")


def _fetch(settings: Settings) -> None:
    store = WeightStore(settings.models_folder)
    wanted = needed_models(asyncio.run(plan(settings)), Registry(), store.catalogue)
    if any(store.state(name) != "installed" for name in wanted):
        pull_with_bar(store, wanted)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise VisavisError(
            "server.port", f"Port {port} on {host} cannot be used ({error.strerror}); set PORT to another one."
        ) from error
    return listener
