"""A package index on loopback: real wheels made on the spot, served to the real pip client."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def wheel(name: str, version: str, files: Mapping[str, bytes]) -> bytes:
    """A pure Python wheel with these files in it."""
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


@dataclass
class Index:
    """What is served: wheels by file name. `slow` names stall after half their bytes until `release` is set; `refused`
    names answer with an error. `sent` counts whole deliveries."""

    url: str = ""
    wheels: dict[str, bytes] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    release: threading.Event = field(default_factory=threading.Event)
    halfway: threading.Event = field(default_factory=threading.Event)
    sent: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, version: str, files: Mapping[str, bytes]) -> str:
        """Puts a wheel on the index and returns its file name."""
        file = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        self.wheels[file] = wheel(name, version, files)
        return file


@contextmanager
def serving() -> Iterator[Index]:
    """Runs an index on a free loopback port."""
    index = Index()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/simple/"):
                name = self.path.split("/")[2].replace("-", "_")
                found = [file for file in index.wheels if file.startswith(f"{name}-")]
                links = "".join(
                    f'<a href="/files/{file}#sha256={hashlib.sha256(index.wheels[file]).hexdigest()}">{file}</a>'
                    for file in found
                )
                self._answer(f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), "text/html")
            else:
                self._send_wheel(self.path.rsplit("/", 1)[-1])

        def _send_wheel(self, file: str) -> None:
            data = index.wheels[file]
            if file not in index.slow:
                self._answer(data, "application/zip")
            else:
                self.send_response(200)
                self.send_header("Content-Type", "application/zip")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2])
                self.wfile.flush()
                time.sleep(0.6)  # pip draws its progress a few times a second
                index.halfway.set()
                index.release.wait(30)
                self.wfile.write(data[len(data) // 2 :])
            index.sent[file] += 1

        def _answer(self, data: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Keeps quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that was killed is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    index.url = f"http://127.0.0.1:{server.server_port}/simple"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        index.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
