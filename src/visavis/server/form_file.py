"""Takes one file out of a form while it arrives: onto the disk, never into memory, and never more than is allowed; its
other fields are short."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from visavis.core.errors import VisavisError

_FORM: Final = 64 * 1024
"""Bytes of a form that are not its file: boundaries, headers, other fields."""
_BATCH: Final = 1 << 20
"""Bytes that are written at once."""
_STALLED: Final = 30.0
"""Seconds without a byte after which a sender is given up."""


async def receive_file(request: Request, path: Path, largest: int) -> str:
    """As `receive_form`, for a form of which only the file counts; returns the name that the sender gave it."""
    return (await _received(request, path, largest)).name


async def receive_form(request: Request, path: Path, largest: int) -> Mapping[str, Sequence[str]]:
    """Writes the form's first file to `path`, which is left to the caller to remove; returns the other fields.

    `largest` is in bytes; what is beyond it is not read. Raises VisavisError `upload.form`, `upload.too_large`,
    `upload.empty`, `upload.broken`, `storage.full`, `storage.failed`.
    """
    return (await _received(request, path, largest)).fields


async def _received(request: Request, path: Path, largest: int) -> _Taker:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest + _FORM:
        raise _too_large(largest)
    taker = _Taker(_boundary(request))
    written = 0
    try:
        with await asyncio.to_thread(path.open, "wb") as file:
            stream = request.stream()
            while True:
                async with asyncio.timeout(_STALLED):
                    chunk = await anext(stream, b"")
                if chunk:
                    taker.feed(chunk)
                    if written + taker.size > largest or taker.rest > _FORM:
                        raise _too_large(largest)
                if taker.size >= _BATCH or not chunk:
                    written += await asyncio.to_thread(taker.write, file)
                if not chunk:
                    break
            taker.finish()
    except (ClientDisconnect, TimeoutError) as error:
        raise VisavisError("upload.broken", "The upload broke off; please send it again.", retryable=True) from error
    except OSError as error:
        raise disk_trouble(error) from error
    if not written:
        raise VisavisError("upload.empty", "The file is empty; choose another one.")
    return taker


def disk_trouble(error: OSError) -> VisavisError:
    """What to say of an upload that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return VisavisError("storage.full", "The server's disk is full; nothing was kept. Free some space there.")
    return VisavisError("storage.failed", f"The upload could not be written ({error.strerror or error}).")


def _too_large(largest: int) -> VisavisError:
    return VisavisError("upload.too_large", f"The file is too large; send one of at most {largest / 1e6:.0f} MB.")


def _bad_form() -> VisavisError:
    return VisavisError("upload.form", "Send the file in a form (multipart/form-data), in a field named `file`.")


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise _bad_form()
    return boundary


class _Taker:
    """Parses a form and holds what of its first file has arrived and is not yet written."""

    def __init__(self, boundary: bytes) -> None:
        self.size = 0
        """Bytes that wait to be written."""
        self.rest = 0
        """Bytes of other parts."""
        self.name = ""
        """What the sender calls the file."""
        self._others: dict[str, list[bytes]] = {}
        self._waiting: list[bytes] = []
        self._header, self._value, self._field = b"", b"", ""
        self._is_file = self._seen = self._complete = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._name,
                    "on_header_value": self._text,
                    "on_header_end": self._header_end,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                },
            )
        except FormParserError as error:
            raise _bad_form() from error

    @property
    def fields(self) -> Mapping[str, Sequence[str]]:
        """What the form holds beside its file."""
        return {name: [value.decode(errors="replace") for value in values] for name, values in self._others.items()}

    def feed(self, chunk: bytes) -> None:
        """Takes more of the body. Raises VisavisError `upload.form`."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _bad_form() from error

    def write(self, file: BinaryIO) -> int:
        """Writes what waits; returns how many bytes."""
        size, self.size = self.size, 0
        waiting, self._waiting = self._waiting, []
        file.writelines(waiting)
        file.flush()
        return size

    def finish(self) -> None:
        """The body is over. Raises VisavisError `upload.form` when no file was in it, or only the begin of one."""
        if not self._complete:
            raise _bad_form()

    def _begin(self) -> None:
        self._is_file, self._field = False, ""

    def _name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _text(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self.rest += len(self._value)
            options = parse_options_header(self._value)[1]
            if b"filename" not in options:
                self._field = options.get(b"name", b"").decode(errors="replace")
                self._others.setdefault(self._field, []).append(b"")
            elif not self._seen:
                self._is_file = self._seen = True
                self.name = options[b"filename"].decode(errors="replace")
        self._header, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._waiting.append(data[start:end])
            self.size += end - start
            return
        self.rest += end - start
        if self._field:
            self._others[self._field][-1] += data[start:end]

    def _end(self) -> None:
        self._complete = self._complete or self._is_file
