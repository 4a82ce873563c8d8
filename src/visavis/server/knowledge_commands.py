"""`visavis knowledge`: the host's documents from the command line, while a server runs or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import click
from platformdirs import user_data_path
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from visavis.core.document import Document
from visavis.core.errors import VisavisError
from visavis.engines.registry import EngineContext, Registry
from visavis.knowledge.desk import Desk, open_desk
from visavis.knowledge.media_type import SUFFIXES
from visavis.observe import logs
from visavis.server.knowledge import embedder_label
from visavis.server.plan import plan
from visavis.settings import Settings, read_settings
from visavis.weights.store import WeightStore

_LONGEST_SHOWN: Final = 300

Work = Callable[[Desk, str], Awaitable[None]]
"""What a command does with the documents and a collection."""


@click.group()
@click.option("--collection", "-c", default="", help="Collection; default: that of VISAVIS_PERSONA (genevieve).")
@click.pass_context
def knowledge(context: click.Context, collection: str) -> None:
    """Add documents that personas answer from; list, search and remove them."""
    context.obj = collection


@knowledge.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.pass_obj
def add(collection: str, /, paths: tuple[Path, ...]) -> None:
    """Add the documents at PATHS: files, or folders with all that is in them. One of the same name is replaced; what
    has not changed costs nothing."""

    async def work(desk: Desk, name: str) -> None:
        failed = 0
        with _Bar() as bar:
            for path, called in _files(paths):
                try:
                    document = await desk.intake.add(name, called, path)
                    if document.status == "indexing":
                        document = await desk.intake.index(document, bar.follow(called))
                        bar.say(document)
                    else:
                        bar.print(f"[dim]= {escape(called)}: here already[/]")
                    failed += document.status == "failed"
                except VisavisError as error:
                    if not error.code.startswith("knowledge."):
                        raise
                    bar.print(f"[red]✗[/] {escape(called)}: {escape(error.message)}")
                    failed += 1
        if failed:
            raise SystemExit(1)

    _run(work, collection)


@knowledge.command("list")
@click.option("--all", "every", is_flag=True, help="The documents of all collections.")
@click.pass_obj
def list_documents(collection: str, /, every: bool) -> None:
    """List the documents of a collection."""

    async def work(desk: Desk, name: str) -> None:
        table = Table(box=None, pad_edge=False)
        for column in ("id", "collection", "name", "title", "language", "pages", "passages", "status"):
            table.add_column(column, overflow="fold", no_wrap=column == "id")
        names = [one.name for one in await desk.archive.collections()] if every else [name]
        for one in [document for each in names for document in await desk.archive.documents(each)]:
            pages = "" if one.pages is None else str(one.pages)
            status = one.error_message or one.status
            cells = (one.id, one.collection, one.name, one.title, one.language, pages, str(one.passages), status)
            table.add_row(*(escape(cell) for cell in cells))
        Console().print(table if table.row_count else f"There is no document in the collection '{name}'.")

    _run(work, collection)


@knowledge.command()
@click.argument("documents", nargs=-1, required=True)
@click.pass_obj
def remove(collection: str, /, documents: tuple[str, ...]) -> None:
    """Remove DOCUMENTS, by id or name."""

    async def work(desk: Desk, name: str) -> None:
        for wanted in documents:
            found = await desk.archive.named(name, wanted)
            gone = await desk.intake.remove(name, found.id if found else wanted)
            click.echo(f"Removed {gone.name}")

    _run(work, collection)


@knowledge.command()
@click.argument("question")
@click.option("--limit", type=click.IntRange(1, 20), default=5, show_default=True, help="How many passages.")
@click.pass_obj
def search(collection: str, /, question: str, limit: int) -> None:
    """Show what a collection says to QUESTION; what a persona would not be told is dim."""

    async def work(desk: Desk, name: str) -> None:
        found = await desk.retriever.search(question, [name])
        kept = {one.passage.id for one in desk.retriever.judged(found)}
        console = Console()
        for one in sorted(found.candidates, key=lambda one: one.passage.id not in kept)[:limit]:
            passage = one.passage
            place = f", p. {passage.page}" if passage.page else ""
            style = "bold" if passage.id in kept else "dim"
            heading = f" · {passage.heading}" if passage.heading else ""
            console.print(f"[{style}]{escape(passage.title)}{place}{escape(heading)}[/]  {one.cosine:.3f}")
            console.print(
                f"  {escape(' '.join(passage.text.split())[:_LONGEST_SHOWN])}", highlight=False, soft_wrap=True
            )
        if not kept:
            console.print("Nothing relevant is known.")

    _run(work, collection)


def _run(work: Work, collection: str) -> None:
    try:
        settings = read_settings()
        logs.configure("error", as_json=settings.log_json, pii=settings.log_pii)
        asyncio.run(_with_desk(settings, work, collection or settings.sessions.persona))
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    except KeyboardInterrupt:
        raise click.ClickException("Stopped; the same command goes on from here.") from None


async def _with_desk(settings: Settings, work: Work, collection: str) -> None:
    async with _desk(settings) as desk:
        await work(desk, collection)


@asynccontextmanager
async def _desk(settings: Settings) -> AsyncIterator[Desk]:
    from visavis.server.holdings import desk_options, holdings

    wanted = await plan(settings)
    one = next(one for one in wanted if one.kind == "embedder")
    context = EngineContext(WeightStore(settings.models_folder), one.threads, one.options)
    embedder = Registry().create(one.kind, one.name, context)
    folder = settings.knowledge_folder or user_data_path("visavis") / "knowledge"
    options = desk_options(settings, folder, embedder_label(wanted))
    try:
        async with holdings(settings, folder) as (archive, table), open_desk(archive, table, embedder, options) as desk:
            yield desk
    finally:
        await embedder.aclose()


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The files with their names; those in a folder are called by their way in it."""
    for path in paths:
        if path.is_dir():
            for one in sorted(path.rglob("*")):
                if one.suffix.lower() in SUFFIXES and one.is_file():
                    yield one, " - ".join(one.relative_to(path).parts)
        else:
            yield path, path.name


class _Bar:
    """Shows how far a document is: a bar on a terminal, elsewhere nothing before it is done."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        columns = (TextColumn("{task.description:40.40}"), BarColumn(), TaskProgressColumn())
        self._bar = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def follow(self, name: str) -> Callable[[float], None]:
        """What is told the progress of one document."""
        task = self._bar.add_task(name, total=1.0)
        return lambda share: self._bar.update(task, completed=share, visible=share < 1.0)

    def say(self, document: Document) -> None:
        """What became of a document."""
        name = escape(document.name)
        if document.status == "failed":
            self.print(f"[red]✗[/] {name}: {escape(document.error_message)}")
        else:
            self.print(f"[green]✓[/] {name}: {document.passages} passages, id {document.id}")

    def print(self, line: str) -> None:
        """A line of its own."""
        self._console.print(line, highlight=False, soft_wrap=True)
