"""One video for the command line: engines of its own, a folder of its own, and the file where it was wanted."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.engines.builtin.g2p import G2P
from visavis.engines.fallback import FallbackTTS
from visavis.engines.llm import LLM
from visavis.engines.pool import Wanted
from visavis.engines.registry import EngineContext, Registry
from visavis.face.avatars import AvatarStore, default_root
from visavis.face.emotion_network import EmotionNetwork
from visavis.face.landmarks import MODEL, Landmarker
from visavis.settings import Settings
from visavis.studio.admission import STOCK
from visavis.studio.artifacts import Artifacts
from visavis.studio.checkpoints import open_checkpoints
from visavis.studio.controls import OPENING
from visavis.studio.job import Consent, JobRequest, Progress, RenderOptions
from visavis.studio.pipeline import Pipeline
from visavis.studio.script import Scripts
from visavis.studio.signer import development_signer
from visavis.studio.state import AvatarState
from visavis.studio.tools import Tools
from visavis.weights.commands import pull_with_bar
from visavis.weights.store import WeightStore

Needed = Callable[[list[Wanted]], tuple[str, ...]]
Plan = Callable[[Settings, WeightStore], Awaitable[tuple[list[Wanted], Needed]]]
"""The engines that settings ask for, and what tells the models that some of them need."""

_DRAFTS: Final = 8

_FORGOTTEN: Final = 7 * 86_400.0
"""Seconds after which a render that was broken off is not gone on with."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command was asked for: `portrait` is a picture file or an avatar's name, `out` the file to write."""

    portrait: Path | str
    script: str
    audio: Path | None
    language: Language | None
    voice: str
    options: RenderOptions
    out: Path
    llm: bool = True


async def render_to(wish: Wish, settings: Settings, plan: Plan, on_progress: Callable[[Progress], None]) -> AvatarState:
    """Makes the video and writes it, its captions and, for WebM, its credentials beside each other; returns the
    pipeline's final state. What a broken-off run of the same wish had made is used.

    Raises VisavisError as `Pipeline.ainvoke` does, and `render.running`, `render.out`.
    """
    root = (settings.studio_folder or user_data_path("visavis") / "studio") / "renders"
    if not wish.out.resolve().parent.is_dir():
        raise VisavisError("render.out", f"There is no folder {wish.out.parent}; make it first.")
    job_id = await asyncio.to_thread(_job_id, wish)
    folder = root / job_id
    _sweep(root)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / f"{job_id}.lock", timeout=0)
    try:
        with lock:
            async with tools_for(wish, settings, plan, folder) as tools:
                state = await _rendered(wish, tools, job_id, on_progress)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    except Timeout as error:
        raise VisavisError("render.running", "This very video is being rendered already.") from error
    return state


async def _rendered(wish: Wish, tools: Tools, job_id: str, on_progress: Callable[[Progress], None]) -> AvatarState:
    async with open_checkpoints(f"sqlite:///{tools.work.parent / 'checkpoints.db'}") as checkpoints:
        pipeline = Pipeline(tools, checkpoints)
        if await pipeline.knows(job_id):
            state = await pipeline.resume(job_id, on_progress)
        else:
            request = await asyncio.to_thread(_request, wish, tools.artifacts)
            state = await pipeline.ainvoke(request, job_id, on_progress)
    await asyncio.to_thread(_deliver, tools.artifacts, state, wish.out)
    return state


@asynccontextmanager
async def tools_for(wish: Wish, settings: Settings, plan: Plan, folder: Path) -> AsyncIterator[Tools]:
    """The engines that this wish needs, and what else the pipeline works with. They work one after the other, so each
    gets all cores; Kokoro has them by speaking several sentences at once."""
    registry, store = Registry(), WeightStore(settings.models_folder)
    wanted, needed = await plan(settings, store)
    kinds = {"vad", "stt" if wish.audio else "tts", *(["llm"] if wish.llm and settings.studio.ask_llm else [])}
    own = [one for one in wanted if one.kind in kinds]
    await asyncio.to_thread(_fetch, store, (*needed(own), MODEL))
    cores = os.cpu_count() or 1
    engines: dict[str, list[tuple[str, Any]]] = {}
    for one in own:
        faster = replace(one, threads=1 if one.kind == "vad" or one.name == "kokoro" else cores)
        if one.name == "llamacpp":  # it is only asked for the face, and gives back most of what it was given
            faster = replace(faster, options={**one.options, "drafts": _DRAFTS})
        engine = await asyncio.to_thread(_made, registry, store, faster)
        if engine is not None:
            engines.setdefault(one.kind, []).append((one.name, engine))
    avatars = AvatarStore(settings.avatars_folder or default_root(), lambda: Landmarker.from_store(store))
    voices = engines.get("tts", [])
    tools = Tools.at(
        folder,
        avatars=avatars,
        landmarker=lambda: Landmarker.from_store(store),
        emotions=lambda: EmotionNetwork.from_store(store),
        vad=engines["vad"][0][1],
        stt=engines["stt"][0][1] if "stt" in engines else None,
        tts=FallbackTTS(voices) if voices else None,
        llm=engines["llm"][0][1] if "llm" in engines else None,
        pronounce=G2P().words,
        signer=development_signer(folder.parents[1]),
        processes=cores,
        scripts=Scripts(settings.studio.longest_script),
    )
    warming = asyncio.create_task(_warmed(tools.llm))  # while the script is spoken
    try:
        yield tools
    finally:
        warming.cancel()
        await tools.drawers.aclose()
        for _, engine in (pair for pairs in engines.values() for pair in pairs):
            await engine.aclose()


async def _warmed(llm: LLM | None) -> None:
    """Loads the model and has it read how every question begins; when it fails it fails again, and is told of, when
    it is asked."""
    if llm is not None:
        with suppress(VisavisError):
            await llm.warm([OPENING])


def _made(registry: Registry, store: WeightStore, one: Wanted) -> Any | None:
    """An engine, None for an optional one that cannot be made."""
    try:
        return registry.create(one.kind, one.name, EngineContext(store, one.threads, one.options))
    except VisavisError:
        if one.optional:
            return None
        raise


def _fetch(store: WeightStore, models: Sequence[str]) -> None:
    missing = tuple(name for name in models if store.state(name) != "installed")
    if missing:
        pull_with_bar(store, missing)


def _request(wish: Wish, artifacts: Artifacts) -> JobRequest:
    """The request, its files among the artifacts."""
    picture = wish.portrait if isinstance(wish.portrait, Path) else None
    return JobRequest(
        portrait=_kept(artifacts, picture) if picture else f"{STOCK}{wish.portrait}",
        script=wish.script,
        audio=_kept(artifacts, wish.audio) if wish.audio else "",
        language=wish.language,
        voice=wish.voice,
        options=wish.options,
        consent=Consent(portrait=picture is not None, voice=wish.audio is not None, at=datetime.now(UTC)),
    )


def _kept(artifacts: Artifacts, path: Path) -> str:
    suffix = "".join(c for c in path.suffix.lower() if c.isascii() and c.isalnum())[:8] or "bin"
    return artifacts.make(suffix, lambda target: shutil.copyfile(path, target))


def _job_id(wish: Wish) -> str:
    """The same for the same wish, whatever file it is written to."""
    seen = hashlib.sha256(wish.options.model_dump_json().encode())
    for part in (wish.portrait, wish.audio):
        if isinstance(part, Path):
            with part.open("rb") as file:
                seen.update(hashlib.file_digest(file, "sha256").digest())
        else:
            seen.update(repr(part).encode())
    seen.update(repr((wish.script, wish.language, wish.voice, wish.llm)).encode())
    return seen.hexdigest()[:32]


def _deliver(artifacts: Artifacts, state: AvatarState, out: Path) -> None:
    """Writes the video whole or not at all, and what belongs beside it."""
    files = {out.suffix: state["enhanced_video"], **{f".{kind}": name for kind, name in state["captions"].items()}}
    if state["provenance"]["sidecar"]:
        files[".c2pa"] = state["provenance"]["sidecar"]
    try:
        for suffix, name in files.items():
            beside = out.with_name(f".{out.stem}-{os.getpid()}{suffix}")
            shutil.copyfile(artifacts.path(name), beside)
            beside.replace(out.with_suffix(suffix))
    except OSError as error:
        raise VisavisError("render.out", f"{out} cannot be written: {error.strerror or error}.") from error


def _sweep(root: Path) -> None:
    """Removes renders that nobody went on with."""
    for path in root.iterdir() if root.is_dir() else ():
        if time.time() - path.stat().st_mtime > _FORGOTTEN:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
