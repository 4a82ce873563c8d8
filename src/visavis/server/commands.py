"""`visavis serve` and `visavis doctor`."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from ipaddress import ip_address

import click
import uvicorn
from fastapi import FastAPI

from visavis.core.errors import VisavisError
from visavis.engines.registry import Registry
from visavis.observe import logs
from visavis.observe.heap import settle
from visavis.server.access.install import require_entrance
from visavis.server.annex import PORTS, Part
from visavis.server.doctor import findings
from visavis.server.plan import models_of, needed_models, plan, plan_one
from visavis.server.web_server import web_config
from visavis.settings import Settings, read_settings
from visavis.weights.commands import pull_with_bar
from visavis.weights.store import WeightStore


@click.command()
@click.option("--host", help="Address to listen on (VISAVIS_HOST; default 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (PORT; default 8000; 0 takes a free one).")
@click.option(
    "--only", type=click.Choice([*PORTS]), help="Run one engine as a service (ports 8001, 8003, 8001, 8004; see docs)."
)
@click.option("--insecure", is_flag=True, help="Ask nobody for a key, wherever the server listens.")
def serve(host: str | None, port: int | None, only: Part | None, insecure: bool) -> None:
    """Serve the page and the Realtime protocol, or one engine; fetches missing models first."""
    try:
        settings = _told(read_settings(), host, port, only, insecure)
        logs.configure(settings.log_level, as_json=settings.log_json, pii=settings.log_pii)
        app = _app(settings, only)
        require_entrance(app.state.rule, settings)
        _fetch(settings, only)
        listener = _listen(settings.server.host, settings.server.port)
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    address, number = listener.getsockname()[:2]
    name = "localhost" if ip_address(address).is_loopback or ip_address(address).is_unspecified else address
    click.echo(f"visavis{f' {only}' if only else ''} is at http://{name}:{number}")
    settle()
    with suppress(KeyboardInterrupt):  # uvicorn has shut down and raises it again
        uvicorn.Server(web_config(app, settings.server, log_level="warning")).run(sockets=[listener])


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


def _app(settings: Settings, only: Part | None) -> FastAPI:
    # Neither needs what the other imports.
    if only is not None:
        from visavis.server.annex_app import create_annex

        return create_annex(settings, Registry(), only)
    from visavis.server.app import create_app

    return create_app(settings, Registry())


def _told(settings: Settings, host: str | None, port: int | None, only: Part | None, insecure: bool) -> Settings:
    """The settings with what the command line says; an engine alone has its usual port unless one was set."""
    server: dict[str, object] = {"host": host} if host else {}
    if port is not None:
        server["port"] = port
    elif only is not None and "port" not in settings.server.model_fields_set:
        server["port"] = PORTS[only]
    access = {"mode": "open"} if insecure else {}
    return settings.model_copy(
        update={
            "server": settings.server.model_copy(update=server),
            "access": settings.access.model_copy(update=access),
        }
    )


def _fetch(settings: Settings, only: Part | None) -> None:
    store = WeightStore(settings.models_folder)
    if only is not None:
        wanted = models_of(asyncio.run(plan_one(settings, only)), Registry(), store.catalogue)
    else:
        wanted = needed_models(asyncio.run(plan(settings)), Registry(), store.catalogue)
    if any(store.state(name) != "installed" for name in wanted):
        pull_with_bar(store, wanted)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off the delay of small packets only where the protocol is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise VisavisError(
            "server.port", f"Port {port} on {host} cannot be used ({error.strerror}); set PORT to another one."
        ) from error
    return listener
