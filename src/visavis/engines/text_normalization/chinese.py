"""Spoken Chinese."""

from __future__ import annotations

import re
from typing import Final

import cn2an

from visavis.engines.text_normalization.rewriter import Rewriter
from visavis.engines.text_normalization.terms import CHINESE, apply_acronyms, apply_terms

_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DIGITS: Final = "零一二三四五六七八九"
_CURRENCIES: Final = {"¥": "元", "￥": "元", "RMB": "元", "CNY": "元", "$": "美元", "US$": "美元", "USD": "美元",
                      "€": "欧元", "EUR": "欧元", "£": "英镑", "GBP": "英镑", "HK$": "港元"}  # fmt: skip
_UNITS: Final = {
    "km/h": "公里每小时", "m/s": "米每秒", "Mbps": "兆比特每秒", "km²": "平方公里", "m²": "平方米", "㎡": "平方米",
    "km": "公里",
    "cm": "厘米", "mm": "毫米", "m": "米", "kg": "公斤", "mg": "毫克", "g": "克", "TB": "T.B", "GB": "G.B", "MB": "兆",
    "KB": "K.B", "GHz": "吉赫兹", "MHz": "兆赫兹", "Hz": "赫兹", "kW": "千瓦", "W": "瓦", "V": "伏", "ms": "毫秒",
    "s": "秒",
    "min": "分钟", "h": "小时", "L": "升", "l": "升", "ml": "毫升", "mL": "毫升", "°C": "摄氏度", "℃": "摄氏度",
    "°F": "华氏度", "°": "度", "px": "像素", "x": "倍",
}  # fmt: skip
_COUNTED: Final = (
    "个|门|位|名|本|次|件|种|张|条|只|家|节|天|周|年级|小时|分钟|秒钟|百|千|万|亿|倍|块|点|台|辆|座|间|套|届|"
    "遍|份|篇|句|首|段|杯|双|层|步|项|堂|颗|岁|斤|公里|公斤|米"
)
_SYMBOLS: Final = {"&": "和", "+": "加", "=": "等于", "@": "艾特", "%": "百分号", "×": "乘", "÷": "除以", "≈": "约等于",
                   "≥": "至少", "≤": "最多", "→": "到", "~": "到", "～": "到"}  # fmt: skip
_LONG: Final = 7  # digits from which an unpunctuated number is read digit by digit


def cardinal(number: str) -> str:
    """A written number in Chinese numerals."""
    number = number.replace(",", "")
    whole, _, rest = number.partition(".")
    if len(whole) > 1 and whole.startswith("0"):
        return digits(whole) + (f"点{digits(rest)}" if rest else "")
    words = str(cn2an.an2cn(whole, "low"))
    words = re.sub(r"^一十", "十", words)
    return f"{words}点{digits(rest)}" if rest else words


def digits(number: str, one: str = "一") -> str:
    """Digits one by one."""
    return "".join(one if digit == "1" else _DIGITS[int(digit)] for digit in number)


def apply(rewriter: Rewriter) -> None:
    """Applies every rule."""
    rewriter.sub(r"[０-９Ａ-Ｚａ-ｚ％＋＝]", lambda match: chr(ord(match.group()) - 0xFEE0))
    apply_terms(rewriter, CHINESE)
    _dates(rewriter)
    _money(rewriter)
    _quantities(rewriter)
    apply_acronyms(rewriter, ".".join)
    rewriter.sub(r"[&+=@%×÷≈≥≤→]|(?<=\w)[~～](?=\w)", lambda match: _SYMBOLS[match.group()])
    rewriter.sub(r"[_\\^{}\[\]<>#~～]", lambda _: " ")


def _dates(rewriter: Rewriter) -> None:
    def date(year: str, month: str, day: str) -> str | None:
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return None
        return f"{digits(year)}年{cardinal(str(int(month)))}月{cardinal(str(int(day)))}日"

    def clock(match: re.Match[str]) -> str | None:
        hour, minute = int(match.group(1)), int(match.group(2))
        if hour > 24 or minute > 59:
            return None
        spoken = ("两" if hour == 2 else cardinal(str(hour))) + "点"
        if minute == 30:
            return spoken + "半"
        if minute:
            spoken += ("零" if minute < 10 else "") + cardinal(str(minute)) + "分"
        return spoken

    sub = rewriter.sub
    sub(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", lambda m: date(*m.groups()))
    sub(r"(?<!\d)(\d{4})\s?[-–—~～至到]\s?(\d{4})\s?年", lambda m: f"{digits(m.group(1))}到{digits(m.group(2))}年")
    sub(r"(?<!\d)(\d{4})\s?年", lambda m: f"{digits(m.group(1))}年")
    sub(r"(?<!\d)(\d{2})年代", lambda m: f"{cardinal(m.group(1))}年代")
    sub(r"(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:])", clock)


def _money(rewriter: Rewriter) -> None:
    def money(match: re.Match[str]) -> str:
        sign, amount, scale = match.groups()
        whole, _, rest = amount.partition(".")
        amount = whole if rest and not int(rest) else amount
        return f"{_two(cardinal(amount))}{scale or ''}{_CURRENCIES[sign]}"

    signs = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
    rewriter.sub(rf"({signs})\s?({_NUMBER})\s?(万|亿)?(?![\d])", money)
    rewriter.sub(
        rf"({_NUMBER})\s?(万|亿)?\s?({signs})(?![A-Za-z])",
        lambda m: f"{_two(cardinal(m.group(1)))}{m.group(2) or ''}{_CURRENCIES[m.group(3)]}",
    )


def _quantities(rewriter: Rewriter) -> None:
    sub = rewriter.sub
    sub(r"(?<![A-Za-z0-9.])\d+(?:\.\d+){2,}(?![A-Za-z0-9])", lambda m: "点".join(map(cardinal, m.group().split("."))))
    sub(
        rf"({_NUMBER})\s?%\s?[-–—~～至到]\s?({_NUMBER})\s?%",
        lambda m: f"{_percent(m.group(1))}到{_percent(m.group(2))}",
    )
    sub(rf"({_NUMBER})\s?[-–—~～至到]\s?({_NUMBER})\s?%", lambda m: f"{_percent(m.group(1))}到{_percent(m.group(2))}")
    sub(rf"[-−]({_NUMBER})\s?%", lambda m: f"负{_percent(m.group(1))}")
    sub(rf"({_NUMBER})\s?%", lambda m: _percent(m.group(1)))
    sub(rf"(?<![\d.])({_NUMBER})\s?[-–—~～]\s?({_NUMBER})(?![\d-])", lambda m: f"{m.group(1)}到{m.group(2)}")
    sub(rf"(?<![A-Za-z0-9.])[-−]({_NUMBER})", lambda m: f"负{m.group(1)}")
    units = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
    sub(rf"({_NUMBER})\s?({units})(?![A-Za-z/°²])", lambda m: f"{_two(cardinal(m.group(1)))}{_UNITS[m.group(2)]}")
    sub(r"(?<![\d/])(\d+)/(\d+)(?![\d/])", lambda m: f"{cardinal(m.group(2))}分之{cardinal(m.group(1))}")
    sub(r"第\s?(\d+)", lambda m: f"第{cardinal(m.group(1))}")
    sub(r"24小时", lambda _: "二十四小时")
    sub(rf"(?<![\d.第])2(?=\s?(?:{_COUNTED}))", lambda _: "两")
    sub(r"(?<![\d.])1[3-9]\d{9}(?!\d)", lambda m: digits(m.group(), one="幺"))
    sub(rf"(?<![\d.,])\d{{{_LONG},}}(?![\d.,万亿])", lambda m: digits(m.group()))
    sub(_NUMBER, lambda m: cardinal(m.group()))


def _percent(number: str) -> str:
    return f"百分之{cardinal(number)}"


def _two(numeral: str) -> str:
    """二 before a measure word is 两."""
    return "两" if numeral == "二" else numeral
