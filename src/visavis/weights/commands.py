"""`visavis models`: list, pull and verify the model weights."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Column, Table

from visavis.core.errors import VisavisError
from visavis.weights.catalogue import ModelEntry
from visavis.weights.progress import PullProgress
from visavis.weights.store import WeightStore

_STATES = {"installed": "[green]installed[/]", "partial": "[yellow]incomplete[/]", "missing": "[dim]not here[/]"}


@click.group("models")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of the models.")
@click.pass_context
def models(context: click.Context, root: Path | None) -> None:
    """List, fetch and check the model weights."""
    context.obj = WeightStore(root)


@models.command("list")
@click.pass_obj
def list_models(store: WeightStore) -> None:
    """Show every known model, its size, its licence and whether it is here."""
    table = Table(box=None, pad_edge=False)
    for column in ("model", "", "part", "size", "languages", "licence", "state"):
        table.add_column(column, justify="right" if column == "size" else "left", no_wrap=column != "licence")
    for entry in store.catalogue:
        table.add_row(
            entry.id,
            ("*" if entry.default else "") + ("" if entry.pinned else "†"),
            entry.kind,
            _size(entry),
            " ".join(entry.languages[:3]) + (" …" if len(entry.languages) > 3 else ""),
            entry.licence,
            _STATES[store.state(entry.id)],
        )
    console = Console()
    console.print(table)
    console.print("\n* needed by a default start", highlight=False)
    console.print("† no hash is published with visavis: the first download's is recorded and holds", highlight=False)
    console.print(f"Folder: {store.root}", highlight=False, soft_wrap=True)


@models.command()
@click.argument("names", nargs=-1)
@click.pass_obj
def pull(store: WeightStore, names: tuple[str, ...]) -> None:
    """Fetch models: NAMES, or all that a default start needs. Broken off, it goes on where it was."""
    try:
        pull_with_bar(store, names or store.catalogue.default())
    except VisavisError as error:
        raise click.ClickException(error.message) from error


@models.command()
@click.argument("names", nargs=-1)
@click.pass_obj
def verify(store: WeightStore, names: tuple[str, ...]) -> None:
    """Read models and compare their hashes: NAMES, or all that are here. Damaged files are deleted."""
    chosen = names or tuple(entry.id for entry in store.catalogue if store.state(entry.id) != "missing")
    console = Console()
    failed = False
    for model in chosen:
        try:
            with console.status(f"Checking {model} …"):
                store.verify(model)
        except VisavisError as error:
            failed = True
            console.print(f"[red]✗[/] {model}: {error.message}", highlight=False, soft_wrap=True)
        else:
            console.print(f"[green]✓[/] {model}", highlight=False)
    if not chosen:
        console.print("No model is here yet: run `visavis models pull`.")
    if failed:
        sys.exit(1)


def pull_with_bar(store: WeightStore, names: tuple[str, ...], console: Console | None = None) -> None:
    """Pulls models under one progress bar for the whole set: bytes, speed and time left. Where the output is no
    terminal, a line for each model instead. Raises what `WeightStore.pull` raises."""
    console = console or Console(stderr=True)
    missing = [name for name in dict.fromkeys(names) if store.state(name) != "installed"]
    if not missing:
        console.print("All models are here.")
        return
    if not console.is_terminal:
        _pull_with_lines(store, missing, console)
        return
    columns = (
        TextColumn("{task.description}", table_column=Column(width=28, no_wrap=True)),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console) as bar:
        task: TaskID = bar.add_task("Models", total=None)
        first: list[int] = []

        def show(progress: PullProgress) -> None:
            if progress.phase == "download" and not first:  # what an earlier pull left counts as done, not as speed
                first.append(progress.done)
                bar.reset(task, total=progress.total, completed=progress.done)
            bar.update(task, total=progress.total, completed=progress.done, description=_describe(progress))

        store.pull(missing, show)


def _pull_with_lines(store: WeightStore, missing: list[str], console: Console) -> None:
    said = ""

    def show(progress: PullProgress) -> None:
        nonlocal said
        tenth = f"{progress.done * 10 // progress.total * 10} %"
        line = f"{_describe(progress)}: {tenth} of {progress.total / 1e6:.0f} MB"
        if line != said:
            said = line
            console.print(line, highlight=False, soft_wrap=True)

    store.pull(missing, show)


def _describe(progress: PullProgress) -> str:
    match progress.phase:
        case "waiting":
            return "Another visavis is pulling …"
        case "done":
            return "Models are here"
        case _:  # several are fetched at once, some while others are checked
            return "Fetching models" if progress.done < progress.total else f"Checking {progress.model}"


def _size(entry: ModelEntry) -> str:
    return f"{entry.bytes / 1e6:,.1f} MB" if entry.bytes else "?"
