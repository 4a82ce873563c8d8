"""Logs: structured, and without what people say unless the host turns that on."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog


def _without_pii(logger: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in [key for key in entry if key.startswith("pii.")]:
        del entry[key]
    return entry


def configure(level: str = "info", *, as_json: bool = False, pii: bool = False) -> None:
    """Sets up structlog and the standard library's root logger, to stderr; `pii` keeps keys that begin `pii.`."""
    number = logging.getLevelNamesMapping()[level.upper()]
    keep = [] if pii else [_without_pii]
    render: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *keep,
            structlog.processors.format_exc_info,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, force=True)
