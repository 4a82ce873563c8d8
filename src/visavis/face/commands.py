"""`visavis avatar`: make, list and remove avatars."""

from __future__ import annotations

import json
from pathlib import Path

import click

from visavis.core.errors import VisavisError
from visavis.face.avatars import AvatarStore, default_root
from visavis.face.landmarks import MODEL, Landmarker
from visavis.weights.commands import pull_with_bar
from visavis.weights.store import WeightStore


@click.group("avatar")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of the avatars.")
@click.option("--models", type=click.Path(path_type=Path, file_okay=False), help="Folder of the models.")
@click.pass_context
def avatar(context: click.Context, root: Path | None, models: Path | None) -> None:
    """Make avatars from portraits, list and remove them."""
    weights = WeightStore(models)

    def landmarker() -> Landmarker:
        if weights.state(MODEL) != "installed":
            pull_with_bar(weights, (MODEL,))
        return Landmarker.from_store(weights)

    context.obj = AvatarStore(root or default_root(), landmarker)


@avatar.command()
@click.argument("picture", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", help="What the avatar is called; default: the file's name.")
@click.option(
    "--curves", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A drawing's hand-set lines."
)
@click.pass_obj
def add(store: AvatarStore, picture: Path, name: str | None, curves: Path | None) -> None:
    """Make an avatar from PICTURE: a JPEG, PNG or WebP that shows one face from the front."""
    try:
        lines = json.loads(curves.read_text("utf-8")) if curves else None
        made = store.add(picture.read_bytes(), name or picture.stem, lines)
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    except (OSError, ValueError, KeyError) as error:
        raise click.ClickException(f"{curves or picture} cannot be read: {error}") from error
    click.echo(f"Made the avatar '{made.id}' in {made.folder}")


@avatar.command("list")
@click.pass_obj
def list_avatars(store: AvatarStore) -> None:
    """Show all avatars."""
    for one in store.list():
        click.echo(f"{one.id:24} {one.name}{'  (comes with visavis)' if one.shipped else ''}")


@avatar.command()
@click.argument("avatar_id", metavar="ID")
@click.pass_obj
def remove(store: AvatarStore, avatar_id: str) -> None:
    """Delete the avatar ID and its portrait."""
    try:
        store.remove(avatar_id)
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Removed '{avatar_id}'")
