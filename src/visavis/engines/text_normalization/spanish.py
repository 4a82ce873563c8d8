"""Spoken Spanish."""

from __future__ import annotations

import re
from typing import Final

from num2words import num2words

from visavis.engines.text_normalization.rewriter import Rewriter
from visavis.engines.text_normalization.terms import SPANISH, apply_acronyms, apply_terms

_MONTHS: Final = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
                  "noviembre", "diciembre")  # fmt: skip
_NUMBER: Final = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_CURRENCIES: Final = {
    "$": ("dólar", "dólares"), "US$": ("dólar", "dólares"), "USD": ("dólar", "dólares"), "€": ("euro", "euros"),
    "EUR": ("euro", "euros"), "£": ("libra", "libras"), "GBP": ("libra", "libras"), "MXN": ("peso", "pesos"),
    "¥": ("yen", "yenes"), "￥": ("yuan", "yuanes"), "CNY": ("yuan", "yuanes"), "JPY": ("yen", "yenes"),
}  # fmt: skip
_UNITS: Final = {
    "km/h": "kilómetros por hora", "m/s": "metros por segundo", "Mbps": "megabits por segundo", "km": "kilómetros",
    "cm": "centímetros", "mm": "milímetros", "m": "metros", "kg": "kilogramos", "mg": "miligramos", "g": "gramos",
    "TB": "terabytes", "GB": "gigabytes", "MB": "megabytes", "KB": "kilobytes", "GHz": "gigahercios",
    "MHz": "megahercios",
    "Hz": "hercios", "kW": "kilovatios", "W": "vatios", "V": "voltios", "ms": "milisegundos", "s": "segundos",
    "min": "minutos", "h": "horas", "hrs": "horas", "L": "litros", "l": "litros", "ml": "mililitros",
    "°C": "grados centígrados", "ºC": "grados centígrados", "°F": "grados Fahrenheit", "°": "grados", "px": "píxeles",
    "x": "por",
}  # fmt: skip
_ORDINALS: Final = {
    1: "primer", 2: "segund", 3: "tercer", 4: "cuart", 5: "quint", 6: "sext", 7: "séptim", 8: "octav", 9: "noven",
    10: "décim", 11: "undécim", 12: "duodécim", 20: "vigésim",
}  # fmt: skip
_LETTERS: Final = {"W": "uve doble", "Y": "i griega", "A": "a", "E": "e", "I": "i", "O": "o", "U": "u"}
_SYMBOLS: Final = {"&": " y ", "+": " más ", "=": " igual a ", "@": " arroba ", "%": " por ciento", "×": " por ",
                   "÷": " entre ", "≈": " aproximadamente ", "≥": " al menos ", "≤": " como máximo ",
                   "→": " a "}  # fmt: skip
_MASCULINE_IN_A: Final = frozenset({
    "día", "días", "problema", "problemas", "programa", "programas", "sistema", "sistemas", "tema", "temas", "idioma",
    "idiomas", "diploma", "diplomas", "mapa", "mapas", "para", "a", "hasta", "más", "ya", "planeta", "la", "las",
})  # fmt: skip
_FEMININE: Final = frozenset({"clase", "clases", "lección", "lecciones", "sesión", "sesiones", "opción", "opciones",
                              "mujer", "mujeres", "vez", "veces", "noche", "noches", "tarde", "tardes", "parte",
                              "partes", "mil"})  # fmt: skip


def cardinal(number: str, feminine: bool = False, *, before_noun: bool = False) -> str:
    """A written number in words, Spanish or English separators, agreeing with its noun where it has one."""
    whole, rest = _parts(number)
    if len(whole) > 1 and whole.startswith("0") and not rest:
        return digits(whole)
    words = str(num2words(int(whole), lang="es"))
    if rest:
        spoken = digits(rest) if rest.startswith("0") or len(rest) > 2 else num2words(int(rest), lang="es")
        return f"{words} coma {spoken}"
    if feminine:
        words = re.sub(r"cientos\b", "cientas", words).replace("quinientos", "quinientas")
        return re.sub(r"uno$", "una", words)
    if before_noun:
        return re.sub(r"veintiuno$", "veintiún", re.sub(r"\buno$", "un", words))
    return words


def digits(number: str) -> str:
    """Digits one by one."""
    return " ".join(num2words(int(digit), lang="es") for digit in number)


def _parts(number: str) -> tuple[str, str]:
    """Whole part and decimals: groups of exactly three digits are thousands, anything else is a decimal part."""
    number = number.replace(" ", "")
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", number) and not number.startswith("0"):
        return re.sub(r"[.,]", "", number), ""
    pieces = re.split(r"[.,]", number)
    return ("".join(pieces[:-1]), pieces[-1]) if len(pieces) > 1 else (number, "")


def ordinal(number: str, ending: str) -> str | None:
    """An ordinal in words; `ending` is o, a, or er (before a masculine noun)."""
    stem = _ORDINALS.get(int(number))
    if stem is None:
        return None
    if ending == "er":
        return stem if int(number) in {1, 3} else stem + "o"
    return stem + ending


def _spell(word: str) -> str:
    return " ".join(_LETTERS.get(letter, letter) for letter in word)


def apply(rewriter: Rewriter) -> None:
    """Applies every rule."""
    apply_terms(rewriter, SPANISH)
    _dates(rewriter)
    _money(rewriter)
    _quantities(rewriter)
    apply_acronyms(rewriter, _spell, plural="")
    rewriter.sub(r"[&+=@%×÷≈≥≤→]", lambda match: _SYMBOLS[match.group()])
    rewriter.sub(r"[_\\^~{}\[\]<>#]", lambda _: " ")


def _dates(rewriter: Rewriter) -> None:
    def date(day: str, month: str, year: str) -> str | None:
        if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
            return None
        first = "primero" if int(day) == 1 else cardinal(str(int(day)))
        return f"{first} de {_MONTHS[int(month) - 1]} de {cardinal(year)}"

    def clock(match: re.Match[str]) -> str | None:
        hour, minute, half = int(match.group(1)), int(match.group(2) or 0), match.group(3)
        if hour > 24 or minute > 59:
            return None
        spoken = cardinal(str(hour), feminine=True)
        if minute:
            spoken += {30: " y media", 15: " y cuarto"}.get(minute, f" y {cardinal(str(minute))}")
        elif not half:
            spoken += " en punto"
        if half:
            spoken += (
                " de la mañana" if half.lower() == "a" else " de la tarde" if hour < 8 or hour == 12 else " de la noche"
            )
        return spoken

    sub = rewriter.sub
    sub(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", lambda m: date(m.group(3), m.group(2), m.group(1)))
    sub(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b", lambda m: date(m.group(1), m.group(2), m.group(3)))
    sub(rf"\b1[.º°]{{0,2}} de (?={'|'.join(_MONTHS)})", lambda _: "primero de ")
    sub(r"\b(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?h\b)?(?:\s?([AaPp])\.?\s?[Mm]\b\.?)?(?![\d:])", clock)
    sub(r"\b(\d{1,2})()\s?([AaPp])\.?\s?[Mm]\b\.?", clock)
    sub(r"\b((?:19|20)\d\d)\s?[-–—]\s?((?:19|20)\d\d)\b", lambda m: f"{cardinal(m.group(1))} a {cardinal(m.group(2))}")


def _money(rewriter: Rewriter) -> None:
    def money(amount: str, scale: str | None, sign: str) -> str:
        one, many = _CURRENCIES[sign]
        whole, rest = _parts(amount)
        feminine = one == "libra"
        if scale:
            return f"{cardinal(amount, before_noun=True)} {scale} de {many}"
        name = one if whole == "1" else many
        spoken = f"{cardinal(whole, feminine, before_noun=True)} {name}"
        if rest and int(rest):
            cents = rest.ljust(2, "0")[:2]
            spoken += f" con {cardinal(str(int(cents)))}"
        return spoken

    signs = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
    scale = r"(?:\s?(mil millones|millones|millón))?(?: de)?"
    rewriter.sub(rf"({signs})\s?({_NUMBER}){scale}", lambda m: money(m.group(2), m.group(3), m.group(1)))
    rewriter.sub(rf"({_NUMBER}){scale}\s?({signs})(?![A-Za-z])", lambda m: money(m.group(1), m.group(2), m.group(3)))


def _quantities(rewriter: Rewriter) -> None:
    sub = rewriter.sub
    sub(r"(?<![\w.])(\d+)\.(\d{1,2})\.(\d{1,2})(?!\w)", lambda m: " punto ".join(map(cardinal, m.group().split("."))))
    sub(r"\b(Páiton|páiton|versión|Java|yava) (\d+)\.(\d+)\b",
        lambda m: f"{m.group(1)} {cardinal(m.group(2))} punto {cardinal(m.group(3))}")  # fmt: skip
    sub(r"\b(\d+)\.?(er|os|as|[ºoª°])(?![\w°C])", _ordinal)
    sub(rf"(?<![\w.])({_NUMBER})\s?[-–—]\s?({_NUMBER})(?=\s?(?:%|[A-Za-z°]|[.,;:!?)]|$|\s))",
        lambda m: f"{m.group(1)} a {m.group(2)}")  # fmt: skip
    sub(rf"(?:(?<=\s)|^|(?<=\())[-−]({_NUMBER})", lambda m: f"menos {m.group(1)}")
    sub(rf"({_NUMBER})\s?%", lambda m: f"{cardinal(m.group(1))} por ciento")
    units = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
    sub(rf"(?<![\w.])({_NUMBER})(\s?)({units})(?![\w/°áéíóú])", _unit)
    sub(r"(?<![\w/])1/2(?![\w/])", lambda _: "un medio")
    sub(r"(?<![\w/])1/4(?![\w/])", lambda _: "un cuarto")
    sub(r"(?<![\w/])3/4(?![\w/])", lambda _: "tres cuartos")
    sub(r"(?<![\w/])1/3(?![\w/])", lambda _: "un tercio")
    sub(r"(?<![\w/])(\d+)/(\d+)(?![\w/])", lambda m: f"{cardinal(m.group(1))} de {cardinal(m.group(2))}")
    sub(r"#(\d+)", lambda m: f"número {m.group(1)}")
    sub(_NUMBER, _counted)


def _ordinal(match: re.Match[str]) -> str | None:
    number, mark = match.groups()
    ending = {"er": "er", "ª": "a", "as": "as", "os": "os"}.get(mark, "o")
    if (
        ending == "o"
        and re.match(r" (?!(?:y|o|de|en|a|por)\b)[a-záéíóúñ]", match.string[match.end() :])
        and int(number) in {1, 3}
    ):
        ending = "er"
    return ordinal(number, ending)


def _unit(match: re.Match[str]) -> str | None:
    number, blank, unit = match.groups()
    if unit in {"s", "g", "h", "l", "x", "L", "V", "W"} and blank and unit != "h":
        return None
    name = _UNITS[unit]
    feminine = name == "horas"
    if number == "1":
        head, _, rest = name.partition(" ")
        head = "píxel" if head == "píxeles" else head.removesuffix("s")
        name = f"{head} {rest}".strip()
    return f"{cardinal(number, feminine, before_noun=True)} {name}"


def _counted(match: re.Match[str]) -> str:
    """A number with the gender of the noun after it."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :]
    noun = re.match(r" ([a-záéíóúñ]+)", after)
    word = noun.group(1) if noun else ""
    feminine = word in _FEMININE or (word.endswith(("a", "as")) and word not in _MASCULINE_IN_A)
    connective = word in {"", "de", "a", "y", "o", "en", "por", "para", "hasta", "más", "con", "del", "al", "que", "es"}
    spoken = cardinal(match.group(), feminine and not connective, before_noun=not connective)
    return (" " if before.isalpha() else "") + spoken + (" " if after[:1].isalpha() else "")
