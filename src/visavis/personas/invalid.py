"""Turns a data file that does not fit into one clear sentence."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from visavis.core.errors import VisavisError


def parsed_toml(text: str, name: str, code: str) -> dict[str, Any]:
    """The table in a TOML text. Raises VisavisError `code`, naming the file and the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VisavisError(code, f"The file '{name}' is no valid TOML: {error}.") from error


def read_text(path: Path, code: str) -> str:
    """A UTF-8 file's text. Raises VisavisError `code`."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VisavisError(code, f"The file '{path}' cannot be read; check that it is there and in UTF-8.") from error


def refusal(error: ValidationError, name: str, code: str) -> VisavisError:
    """A VisavisError `code` that names the first places that do not fit, and why."""
    shown = error.errors(include_url=False, include_context=False, include_input=False)
    places = [f"{'.'.join(str(part) for part in one['loc']) or 'file'}: {one['msg']}" for one in shown[:3]]
    more = f" (and {len(shown) - 3} more)" if len(shown) > 3 else ""
    return VisavisError(code, f"The file '{name}' does not fit: {'; '.join(places)}{more}.")
