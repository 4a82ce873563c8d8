"""API keys: made here, shown once, kept as hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from visavis.core.errors import VisavisError

PREFIX: Final = "sk-visavis-"
"""How every key begins, so that people and scanners know one when they see it."""

_RECHECK: Final = 1.0
"""Seconds for which the file is taken to be unchanged."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key. `digest` is its SHA-256: 256 random bits need no slow hash. `quota` is in the words of
    `VISAVIS_RATE`; "" for none."""

    id: str
    name: str
    digest: str
    created: str
    quota: str = ""


class KeyStore:
    """The keys in one file that only its owner can read; what another process changes there counts within a second."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._keys: tuple[Key, ...] = ()
        self._signing = secrets.token_bytes(32)
        self._stamp: tuple[int, int] | None = None
        self._checked = float("-inf")

    def list(self) -> tuple[Key, ...]:
        """All keys, oldest first. Raises VisavisError `keys.unreadable`."""
        self._refresh()
        return self._keys

    @property
    def signing(self) -> bytes:
        """What tokens are signed with: kept beside the keys, or, while there are none, as old as this process."""
        self._refresh()
        return self._signing

    def find(self, text: str) -> Key | None:
        """The key that `text` is; the time it takes tells nothing about how much of it is right."""
        digest = digest_of(text)
        found = None
        for key in self.list():
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found

    def get(self, key_id: str) -> Key | None:
        """The key of that id."""
        return next((key for key in self.list() if key.id == key_id), None)

    def add(self, name: str, quota: str = "") -> tuple[Key, str]:
        """Makes a key; returns what is kept, and the key itself, which nobody can read again.

        Raises VisavisError `keys.name`, `keys.exists`, `keys.unreadable`, `keys.unwritable`.
        """
        name = name.strip()
        if not name or len(name) > 64 or not name.isprintable():
            raise VisavisError("keys.name", "Give the key a name of 1 to 64 characters, such as its user's.")
        text = PREFIX + secrets.token_urlsafe(32)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        key = Key(f"key_{secrets.token_hex(6)}", name, digest_of(text), now, quota)
        with self._changing() as keys:
            if any(one.name == name for one in keys):
                raise VisavisError("keys.exists", f"There is a key '{name}' already; remove it or choose another name.")
            self._write((*keys, key))
        return key, text

    def remove(self, name: str) -> Key:
        """Ends a key by its name or id, and with it every token that was given for it.

        Raises VisavisError `keys.unknown`, `keys.unreadable`, `keys.unwritable`.
        """
        with self._changing() as keys:
            gone = next((key for key in keys if name in (key.name, key.id)), None)
            if gone is None:
                raise VisavisError("keys.unknown", f"There is no key '{name}'; `visavis keys list` names them.")
            self._write(tuple(key for key in keys if key is not gone))
        return gone

    @contextmanager
    def _changing(self) -> Iterator[tuple[Key, ...]]:
        """Holds the file's lock; gives the keys as they stand."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path.with_suffix(".lock"), timeout=10).acquire()
        except (OSError, Timeout) as error:
            raise unwritable(self.path) from error
        with lock:
            self.reread()
            yield self._keys

    def _refresh(self) -> None:
        now = time.monotonic()
        if now - self._checked >= _RECHECK:
            self._checked = now
            self.reread()

    def reread(self) -> None:
        """Reads the file if it is another than before. Raises VisavisError `keys.unreadable`."""
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return
            data: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
            self._keys = tuple(Key(**one) for one in data["keys"])
            self._signing = bytes.fromhex(data["signing"])
            self._stamp = stamp
        except FileNotFoundError:
            self._keys, self._stamp = (), None
        except (OSError, ValueError, TypeError, KeyError) as error:
            self._keys, self._stamp = (), None
            raise VisavisError(
                "keys.unreadable", f"The keys in {self.path} cannot be read; mend or remove it."
            ) from error

    def _write(self, keys: tuple[Key, ...]) -> None:
        data = {"signing": self._signing.hex(), "keys": [asdict(key) for key in keys]}
        fresh = self.path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(data, file, indent=1)
            fresh.replace(self.path)
        except OSError as error:
            raise unwritable(self.path) from error
        self._stamp = None
        self.reread()


def digest_of(text: str) -> str:
    """The SHA-256 of a key, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def unwritable(path: Path) -> VisavisError:
    """What to say when the keys cannot be written."""
    return VisavisError("keys.unwritable", f"The keys cannot be written to {path}; set VISAVIS_KEYS to another file.")
