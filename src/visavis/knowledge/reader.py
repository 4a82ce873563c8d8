"""Has documents read by a process of its own, which is killed when it takes too long or says too much."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import Extract
from visavis.knowledge.media_type import PDF

_log = structlog.get_logger(__name__)

_KEPT: Final = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "TMPDIR")
"""What the process knows of our environment: no secrets."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one document may cost: `pages` of a PDF, `characters` of text, `seconds`, and `memory` in bytes."""

    pages: int = 2_000
    characters: int = 5_000_000
    seconds: float = 120.0
    memory: int = 1_500_000_000


class Reader:
    """Reads documents and draws their pages, a process each, so many `at_once`; others wait."""

    def __init__(self, limits: ReadingLimits | None = None, at_once: int = 2) -> None:
        self._limits = limits or ReadingLimits()
        self._places = asyncio.Semaphore(at_once)

    async def read(self, path: Path, media_type: str) -> Extract:
        """What the document says. Cancelling kills the process.

        Raises VisavisError `knowledge.unreadable`, `knowledge.too_large`, `knowledge.empty`.
        """
        data = await self._asked({"task": "read", "path": str(path), "media_type": media_type})
        return await asyncio.to_thread(lambda: Extract.from_json(json.loads(data)))

    async def draw(self, path: Path, page: int, passage: str = "") -> bytes:
        """A PNG of a PDF's page (from 1) on which the passage is marked. Raises as `read` does, and
        `knowledge.unknown` for a page that is not there."""
        return await self._asked(
            {"task": "draw", "path": str(path), "media_type": PDF, "page": page, "passage": passage}
        )

    async def _asked(self, order: dict[str, Any]) -> bytes:
        limits = self._limits
        order |= {
            "pages": limits.pages,
            "characters": limits.characters,
            "memory": limits.memory,
            "seconds": int(limits.seconds) + 1,
        }
        async with self._places:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-B", "-m", "visavis.knowledge.extract.process",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                env=_environment(),
            )  # fmt: skip
            try:
                async with asyncio.timeout(limits.seconds):
                    answer = await self._answer(process, json.dumps(order).encode())
            except TimeoutError as error:
                raise VisavisError(
                    "knowledge.unreadable",
                    f"The document took more than {limits.seconds:.0f} s to read; split it into smaller ones.",
                ) from error
            finally:
                await _end(process)
        if answer[:1] == b"+":
            return answer[1:]
        if answer[:1] == b"-":
            raise VisavisError(**json.loads(answer[1:]))
        _log.warning("knowledge.reader_died", returncode=process.returncode, task=order["task"])
        raise VisavisError(
            "knowledge.unreadable", "The document is broken or needs too much memory; save it anew, or split it."
        )

    async def _answer(self, process: asyncio.subprocess.Process, order: bytes) -> bytes:
        assert process.stdin is not None and process.stdout is not None
        with suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(order)
            await process.stdin.drain()
        process.stdin.close()
        parts, size, most = [], 0, 64 * 2**20 + 8 * self._limits.characters
        while part := await process.stdout.read(1 << 18):
            parts.append(part)
            size += len(part)
            if size > most:
                return b""
        await process.wait()
        return b"".join(parts)


def _environment() -> dict[str, str]:
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        if process.returncode is None:
            process.kill()
    await asyncio.shield(process.wait())
