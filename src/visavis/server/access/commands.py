"""`visavis keys`: make, list and remove API keys."""

from __future__ import annotations

import click

from visavis.core.errors import VisavisError
from visavis.server.access.keys import KeyStore
from visavis.server.access.rates import limits_of
from visavis.settings import read_settings


@click.group("keys")
@click.pass_context
def keys(context: click.Context) -> None:
    """Make, list and remove API keys."""
    try:
        context.obj = KeyStore(read_settings().keys_file)
    except VisavisError as error:
        raise click.ClickException(error.message) from error


@keys.command()
@click.argument("name")
@click.option("--quota", default="", help="What the key may ask for, such as `60/minute;2000/day`; default: no limit.")
@click.pass_obj
def add(store: KeyStore, name: str, quota: str) -> None:
    """Make a key for NAME and print it; it cannot be shown again."""
    try:
        limits_of(quota)
        _, text = store.add(name, quota)
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    click.echo(text)
    click.echo("Keep it: only its hash is kept here. Send it as `Authorization: Bearer …`.", err=True)


@keys.command("list")
@click.pass_obj
def list_keys(store: KeyStore) -> None:
    """Show whom there are keys for; the keys themselves are not known here."""
    try:
        found = store.list()
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    for key in found:
        click.echo(f"{key.id}  {key.created}  {key.name}{f'  ({key.quota})' if key.quota else ''}")
    if not found:
        click.echo("There are no keys; `visavis keys add NAME` makes one.")


@keys.command()
@click.argument("name")
@click.pass_obj
def remove(store: KeyStore, name: str) -> None:
    """End the key NAME (or its id), at once and in a running server too."""
    try:
        gone = store.remove(name)
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Removed '{gone.name}'")
