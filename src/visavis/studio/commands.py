"""`visavis render` and `visavis verify`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

import click
from pydantic import ValidationError

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language
from visavis.face.emotion import EMOTIONS, Emotion
from visavis.studio.job import Progress, RenderOptions

_EXISTING: Final = click.Path(path_type=Path, exists=True, dir_okay=False)
_AGREED: Final = "By going on you say that you may use this {}: it is yours, or the person has agreed."


@click.command()
@click.option("--portrait", default="genevieve", show_default=True, help="A picture of one face, or an avatar's name.")
@click.option("--script", default="", help="What is said; - reads it from the input.")
@click.option("--audio", type=_EXISTING, help="A recording to speak with instead: wav mp3 ogg m4a flac webm.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language; default: as it is read or heard.")
@click.option("--voice", default="", help="A voice of the engine; default: the language's.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("visavis.mp4"), show_default=True,
              help="The video: .mp4, or .webm.")  # fmt: skip
@click.option("--size", type=int, default=512, show_default=True, help="Side in px, 256 … 1080.")
@click.option("--fps", type=int, default=25, show_default=True, help="Pictures a second, 10 … 60.")
@click.option("--background", default="portrait", show_default=True, help="portrait, #rrggbb, or transparent (webm).")
@click.option("--captions", type=click.Choice(["none", "sidecar", "burned"]), default="sidecar", show_default=True,
              help="Subtitles beside the video, drawn into it as well, or none.")  # fmt: skip
@click.option("--emotion", type=click.Choice(EMOTIONS), help="How it is said; default: as it is heard and read.")
@click.option("--smooth/--no-smooth", default=True, help="Take flicker out of the pictures.", show_default=True)
@click.option("--sharpen", is_flag=True, help="Sharpen the face.")
@click.option("--upscale", type=int, default=0, help="Enlarge to this side in px, at most 2160.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another performance.")
@click.option("--llm/--no-llm", default=True, help="Ask the language model how to move, or follow the rules.")
@click.option("--consent", is_flag=True, help="Say that this face and voice may be used, without being asked.")
@click.pass_obj
def render(
    plan: Any, /, *, portrait: str, script: str, audio: Path | None, language: Language | None, voice: str,
    out: Path, emotion: Emotion | None, llm: bool, consent: bool, **looks: Any,
) -> None:  # fmt: skip
    """Make a video of a portrait that speaks a script or a recording.

    A render that was broken off goes on where it was when it is asked for again.
    """
    from visavis.observe import logs
    from visavis.settings import read_settings
    from visavis.studio.rendering import Wish, render_to

    try:
        settings = read_settings()
        logs.configure("error", as_json=settings.log_json, pii=settings.log_pii)
        container = out.suffix.lower().removeprefix(".")
        if container not in {"mp4", "webm"}:
            raise VisavisError("render.container", f"'{out.name}' is no video name; let it end in .mp4 or .webm.")
        picture = Path(portrait).is_file()
        _agree(consent, *(["face"] if picture else []), *(["voice"] if audio else []))
        wish = Wish(
            portrait=Path(portrait) if picture else portrait,
            script=sys.stdin.read() if script == "-" else script,
            audio=audio,
            language=language,
            voice=voice,
            options=RenderOptions(container=container, emotion=emotion, **looks),  # type: ignore[arg-type]
            out=out,
            llm=llm,
        )
        with _Bar() as bar:
            asyncio.run(render_to(wish, settings, plan, bar.show))
    except VisavisError as error:
        raise click.ClickException(error.message) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise click.ClickException(f"--{first['loc'][0]}: {first['msg']}.") from error
    except KeyboardInterrupt:
        raise click.ClickException("Stopped; the same command goes on from here.") from None
    click.echo(f"Wrote {out}")


@click.command()
@click.argument("video", type=_EXISTING)
@click.option("--json", "as_json", is_flag=True, help="Write the verdict as JSON.")
def verify(video: Path, as_json: bool) -> None:
    """Read back who made VIDEO, and whether it was changed since; exit code 1 when its credentials do not hold."""
    import json

    from visavis.studio.provenance import verify as read_back

    verdict = read_back(video)
    if as_json:
        click.echo(json.dumps(verdict.as_mapping(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(verdict.lines()))
    if not verdict.valid:
        raise SystemExit(1)


def _agree(consent: bool, *what: str) -> None:
    """Has the person at the terminal confirm; where there is none, starting the command says it."""
    if not what or consent:
        return
    text = _AGREED.format(" and this ".join(what))
    if sys.stdin.isatty():
        click.confirm(f"{text} Go on?", abort=True, err=True)
    else:
        click.echo(text, err=True)


class _Bar:
    """Shows how far a render is: a bar on a terminal, elsewhere a line a stage."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self._console = Console(stderr=True)
        columns = (
            TextColumn("{task.description:34}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]}"),
        )
        self._bar = RichProgress(*columns, console=self._console) if self._console.is_terminal else None
        self._task = self._bar.add_task("Starting", total=1.0, left="") if self._bar else None
        self._said = ""

    def __enter__(self) -> _Bar:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Shows news from the pipeline."""
        text = progress.message.partition(":")[0]
        if self._bar and self._task is not None:
            left = f"{progress.seconds_left:.0f} s left" if progress.seconds_left is not None else ""
            kept = {"description": text} if text else {}
            self._bar.update(self._task, completed=progress.share, left=left, **kept)  # type: ignore[arg-type]
        elif text and text != self._said:
            self._said = text
            self._console.print(f"{progress.share:4.0%} {text}", highlight=False)
