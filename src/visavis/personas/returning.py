"""How somebody who returns is greeted where a persona has no words of its own for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from visavis.core.language import Language

WELCOME_BACK: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": "Welcome back! It's good to see you again.",
        "zh": "欢迎回来！很高兴再次见到你。",
        "es": "¡Qué bueno verte de nuevo!",
    }
)
