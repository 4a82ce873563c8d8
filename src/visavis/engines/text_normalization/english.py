"""Spoken English."""

from __future__ import annotations

import re
from typing import Final

from num2words import num2words

from visavis.engines.text_normalization.rewriter import Rewriter
from visavis.engines.text_normalization.terms import ENGLISH, apply_acronyms, apply_terms

_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip
_MONTH: Final = "|".join(_MONTHS) + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCIES: Final = {
    "$": ("dollar", "cent"), "US$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny"),
    "¥": ("yen", ""), "￥": ("yuan", "fen"), "USD": ("dollar", "cent"), "EUR": ("euro", "cent"),
    "GBP": ("pound", "penny"), "CNY": ("yuan", "fen"), "RMB": ("yuan", "fen"), "JPY": ("yen", ""), "₹": ("rupee",
    "paisa"),
}  # fmt: skip
_UNITS: Final = {
    "km/h": "kilometers per hour", "mph": "miles per hour", "m/s": "meters per second", "Mbps": "megabits per second",
    "Gbps": "gigabits per second", "km": "kilometers", "cm": "centimeters", "mm": "millimeters", "m": "meters",
    "kg": "kilograms", "mg": "milligrams", "g": "grams", "lbs": "pounds", "lb": "pounds", "oz": "ounces", "ft": "feet",
    "mi": "miles", "TB": "terabytes", "GB": "gigabytes", "MB": "megabytes", "KB": "kilobytes", "kB": "kilobytes",
    "GHz": "gigahertz", "MHz": "megahertz", "kHz": "kilohertz", "Hz": "hertz", "kW": "kilowatts", "W": "watts",
    "V": "volts",
    "ms": "milliseconds", "s": "seconds", "sec": "seconds", "min": "minutes", "mins": "minutes", "h": "hours",
    "hr": "hours", "hrs": "hours", "L": "liters", "l": "liters", "ml": "milliliters", "mL": "milliliters",
    "°C": "degrees Celsius", "°F": "degrees Fahrenheit", "°": "degrees", "px": "pixels", "fps": "frames per second",
    "x": "times",
}  # fmt: skip
_SINGULAR: Final = {"feet": "foot", "times": "times", "hertz": "hertz", "gigahertz": "gigahertz",
                    "megahertz": "megahertz", "kilohertz": "kilohertz"}  # fmt: skip
_TITLES: Final = {"Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Prof.": "Professor",
"St.": "Saint",
                  "Jr.": "Junior", "Sr.": "Senior"}  # fmt: skip
_FRACTIONS: Final = {(1, 2): "one half", (1, 4): "one quarter", (3, 4): "three quarters", (1, 3): "one third",
                     (2, 3): "two thirds"}  # fmt: skip
_SYMBOLS: Final = {"&": " and ", "+": " plus ", "=": " equals ", "@": " at ", "%": " percent", "×": " times ",
                   "÷": " divided by ", "≈": " about ", "≥": " at least ", "≤": " at most ", "→": " to "}  # fmt: skip
_THE_YEAR: Final = range(1100, 2100)


def cardinal(number: str) -> str:
    """A written number in words: digits after the point one by one, long numbers with a leading zero too."""
    number = number.replace(",", "")
    whole, _, rest = number.partition(".")
    if len(whole) > 1 and whole.startswith("0") and not rest:
        return digits(whole)
    words = num2words(int(whole)).replace(",", "")
    return f"{words} point {digits(rest)}" if rest else words


def digits(number: str) -> str:
    """Digits one by one."""
    return " ".join(num2words(int(digit)) for digit in number)


def year(number: str) -> str:
    """A year in words."""
    value = int(number)
    if 2000 <= value < 2010:
        return str(num2words(value)).replace(" and ", " ")
    return str(num2words(value, to="year"))


def ordinal(number: str) -> str:
    """An ordinal in words."""
    return str(num2words(int(number.replace(",", "")), to="ordinal")).replace(",", "")


def apply(rewriter: Rewriter) -> None:
    """Applies every rule."""
    apply_terms(rewriter, ENGLISH)
    rewriter.words(_TITLES)
    _dates(rewriter)
    _times(rewriter)
    _money(rewriter)
    _quantities(rewriter)
    apply_acronyms(rewriter, ".".join)
    rewriter.sub(r"[&+=@%×÷≈≥≤→]", lambda match: _SYMBOLS[match.group()])
    rewriter.sub(r"[_\\^~{}\[\]<>]", lambda _: " ")


def _month(name: str) -> str:
    return next(month for month in _MONTHS if month.startswith(name[:3]))


def _dates(rewriter: Rewriter) -> None:
    def iso(match: re.Match[str]) -> str | None:
        number, month, day = match.groups()
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return None
        return f"{_MONTHS[int(month) - 1]} {ordinal(day)}, {year(number)}"

    rewriter.sub(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", iso)
    rewriter.sub(
        r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b",
        lambda m: iso_us(m.group(1), m.group(2), m.group(3)),
    )
    rewriter.sub(
        rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:(, ?| )(\d{{4}}))?(?![\d:])",
        lambda m: f"{_month(m.group(1))} {ordinal(m.group(2))}" + (f", {year(m.group(4))}" if m.group(4) else ""),
    )
    rewriter.sub(
        rf"\b(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})\b\.?(?: (\d{{4}}))?",
        lambda m: f"the {ordinal(m.group(1))} of {_month(m.group(2))}" + (f" {year(m.group(3))}" if m.group(3) else ""),
    )
    rewriter.sub(r"\b((?:1[1-9]|20)\d0)s\b", lambda m: _decade(m.group(1)))
    rewriter.sub(
        r"\b(1[89]\d\d|20\d\d)\s?[-–—]\s?(1[89]\d\d|20\d\d)\b", lambda m: f"{year(m.group(1))} to {year(m.group(2))}"
    )


def iso_us(month: str, day: str, number: str) -> str | None:
    """A US date in words, None when it is none."""
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return f"{_MONTHS[int(month) - 1]} {ordinal(day)}, {year(number)}"


def _decade(number: str) -> str:
    words = year(number)
    return words[:-1] + "ies" if words.endswith("y") else words + "s"


def _times(rewriter: Rewriter) -> None:
    def clock(match: re.Match[str]) -> str | None:
        hour, minute, half = int(match.group(1)), match.group(2), match.group(3)
        if hour > 24 or (minute and int(minute) > 59):
            return None
        spoken = cardinal(str(hour))
        if minute and int(minute):
            spoken += f" oh {cardinal(str(int(minute)))}" if int(minute) < 10 else f" {cardinal(minute)}"
        elif not half:
            spoken += " o'clock" if 1 <= hour <= 12 else " hundred"
        stop = "." if match.group().endswith(".") and not match.string[match.end() :].strip() else ""
        return spoken + (f" {half[0].upper()}.M{stop}" if half else "")

    rewriter.sub(r"\b(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([AaPp])\.?[Mm]\b\.?)?(?![\d:])", clock)
    rewriter.sub(r"\b(\d{1,2})()\s?([AaPp])\.?[Mm]\b\.?", clock)


def _money(rewriter: Rewriter) -> None:
    def money(amount: str, scale: str | None, sign: str) -> str:
        unit, cent = _CURRENCIES[sign]
        amount = amount.replace(",", "")
        plural = unit if unit in {"yen", "yuan"} else unit + "s"
        if scale:
            return f"{cardinal(amount)} {_SCALES.get(scale, scale)} {plural}"
        whole, _, rest = amount.partition(".")
        spoken = f"{cardinal(whole)} {unit if int(whole) == 1 else plural}"
        if len(rest) == 2 and int(rest) and cent:
            small = cent if int(rest) == 1 else {"penny": "pence", "fen": "fen", "paisa": "paise"}.get(cent, cent + "s")
            coins = f"{cardinal(str(int(rest)))} {small}"
            return coins if not int(whole) else f"{spoken} and {coins}"
        return f"{cardinal(amount)} {plural}" if rest and int(rest) else spoken

    signs = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
    scale = r"(?:\s?(million|billion|trillion|thousand|[KkMB])\b)?"
    rewriter.sub(rf"({signs})\s?({_NUMBER}){scale}", lambda m: money(m.group(2), m.group(3), m.group(1)))
    rewriter.sub(rf"({_NUMBER}){scale}\s?({signs})(?![A-Za-z])", lambda m: money(m.group(1), m.group(2), m.group(3)))


_SCALES: Final = {"K": "thousand", "k": "thousand", "M": "million", "B": "billion"}


def _quantities(rewriter: Rewriter) -> None:
    sub = rewriter.sub
    sub(
        r"(?<![\w.])(\d+)\.(\d+)\.(\d+)(?:\.(\d+))?(?![\w])",
        lambda m: " point ".join(map(cardinal, m.group().split("."))),
    )
    sub(r"\b(\d[\d,]*)(st|nd|rd|th)\b", lambda m: ordinal(m.group(1)))
    sub(rf"(?<![\w.])({_NUMBER})\s?[-–—]\s?({_NUMBER})(?=\s?(?:%|[A-Za-z°]|[.,;:!?)]|$|\s))",
        lambda m: f"{m.group(1)} to {m.group(2)}")  # fmt: skip
    sub(rf"(?:(?<=\s)|^|(?<=\())[-−]({_NUMBER})", lambda m: f"minus {m.group(1)}")
    sub(rf"({_NUMBER})\s?%", lambda m: f"{m.group(1)} percent")
    units = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
    sub(rf"(?<![\w.])({_NUMBER})(\s?)({units})(?![\w/°])", _unit)
    sub(r"(?<![\w/])(\d)/(\d)(?![\w/])", lambda m: _FRACTIONS.get((int(m.group(1)), int(m.group(2)))))
    sub(r"(?<![\w/])(\d+)/(\d+)(?![\w/])", lambda m: f"{cardinal(m.group(1))} out of {cardinal(m.group(2))}")
    sub(r"#(\d+)", lambda m: f"number {m.group(1)}")
    sub(r"(\d)[Kk]\b", lambda m: f"{m.group(1)} thousand")
    sub(r"(?<![\w.,$])(\d{4})(?!\w|[.,]\d)", lambda m: year(m.group(1)) if _is_year(m) else None)
    sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", lambda _: None)
    sub(_NUMBER, _spaced)


def _is_year(match: re.Match[str]) -> bool:
    value = int(match.group())
    if 1900 <= value < 2100:
        return True
    before = match.string[: match.start()].rstrip().rsplit(" ", 1)[-1].lower()
    return value in _THE_YEAR and before in {
        "in",
        "since",
        "by",
        "from",
        "until",
        "year",
        "of",
        "around",
        "before",
        "after",
    }


def _unit(match: re.Match[str]) -> str | None:
    number, blank, unit = match.groups()
    if unit in {"m", "s", "g", "h", "l", "x", "L", "V", "W"} and blank and unit != "m":
        return None
    name = _UNITS[unit]
    if number == "1":
        head, _, rest = name.partition(" ")
        head = _SINGULAR.get(head, head.removesuffix("s"))
        name = f"{head} {rest}".strip()
    return f"{number} {name}"


def _spaced(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return (" " if before.isalpha() else "") + cardinal(match.group()) + (" " if after.isalpha() else "")
