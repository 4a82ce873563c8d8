"""Addresses of services that the host names: web addresses, and nothing that reaches elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(text: str) -> str:
    """The address as it is, without spaces around it; "" stays "".

    Raises ValueError for anything but `http://…` and `https://…` with a host, and for one with a name and password in
    it, which logs would show.
    """
    address = text.strip()
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write a web address such as http://localhost:11434")
    if parts.username is not None or parts.password is not None:
        raise ValueError("leave name and password out of the address; there is a setting for the key")
    _ = parts.port  # raises ValueError for one that is none
    if any(ord(character) <= 32 or ord(character) == 127 for character in address):
        raise ValueError("an address has no spaces in it")
    return address
