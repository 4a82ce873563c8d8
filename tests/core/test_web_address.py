"""Only web addresses are addresses."""

from __future__ import annotations

import pytest

from visavis.core.web_address import web_address


@pytest.mark.parametrize(
    "text", ["http://localhost:11434", "https://api.example/v1", "http://10.0.0.1", "http://[::1]:8001", "", " "]
)
def test_good(text: str) -> None:
    assert web_address(f" {text} ") == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "localhost:11434",
        "file:///etc/passwd",
        "gopher://localhost:70/x",
        "ftp://host/x",
        "unix:///run/x.sock",
        "http://",
        "http:///etc/passwd",
        "//host/x",
        "http://user:word@host",
        "http://user@host",
        "http://host:port",
        "http://host:99999",
        "http://host/a b",
        "http://host\r\nX: y",
        "javascript:alert(1)",
    ],
)
def test_bad(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        web_address(text)
