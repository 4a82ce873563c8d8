"""A real PostgreSQL server of the tests' own: made in a temporary folder, reached over a socket, gone afterwards."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
NOT_INSTALLED = "PostgreSQL is not installed; run `make postgres` (or: apt-get install postgresql)."


class Cluster:
    """A running server, listening on a socket in `folder` alone."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder = folder
        self._binaries = binaries
        self._user = _unprivileged()
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Makes the cluster's files."""
        self.folder.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user)
        arguments = ["--username=visavis", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        self._run("initdb", f"--pgdata={self.folder}/data", *arguments)

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "off"}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        data, log = f"--pgdata={self.folder}/data", f"--log={self.folder}/log"
        self._run("pg_ctl", "start", "--wait", "--silent", data, log, f"--options={options}")

    def stop(self) -> None:
        """Stops it, whoever is connected."""
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate", f"--pgdata={self.folder}/data")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(host=str(self.folder), user="visavis", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        return f"postgresql://visavis@/{name}?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        log = self.folder / "said"
        with log.open("wb") as said:
            as_user: dict[str, Any] = {"user": self._user, "extra_groups": []} if os.geteuid() == 0 else {}
            if as_user:
                as_user["group"] = pwd.getpwnam(self._user).pw_gid
            done = subprocess.run(
                [self._binaries / program, *arguments],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, timeout=60, **as_user,
            )  # fmt: skip
        assert done.returncode == 0, f"{program} failed:\n{log.read_text(errors='replace')}"


@contextmanager
def running_cluster(binaries: Path | None = None) -> Iterator[Cluster]:
    """A fresh server, of the `binaries` in that folder or those that are installed. Fails with a clear message where
    PostgreSQL is not installed."""
    binaries = binaries or _binaries()
    # Not pytest's own folder: the server's user could not reach it.
    with tempfile.TemporaryDirectory(prefix="visavis-pg-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder), binaries)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _binaries() -> Path:
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").is_file():
        return Path(found).resolve().parent
    versions = [path for path in DEBIAN.glob("*/bin") if (path / "initdb").is_file() and (path / "postgres").is_file()]
    assert versions, NOT_INSTALLED
    return max(versions, key=lambda path: int(path.parent.name))


def _unprivileged() -> str:
    """The user to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
