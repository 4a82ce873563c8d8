"""Names of technology and acronyms as they are said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from visavis.engines.text_normalization.rewriter import Rewriter

SPOKEN_AS_WORDS: Final = frozenset({
    "NASA", "NATO", "UNESCO", "UNICEF", "OPEC", "FIFA", "UEFA", "COVID", "LASER", "RADAR", "SCUBA", "REST", "RAM",
    "ROM",
    "CRUD", "YAML", "AJAX", "SAAS", "PAAS", "BASIC", "COBOL", "FORTRAN", "CAPTCHA", "PIN", "SIM", "LAN", "WAN", "MIDI",
    "OTAN", "ONU", "OVNI", "SIDA", "RENFE", "TOEFL", "IELTS", "DELE", "BERT", "LAMP", "DOM", "NumPy",
})  # fmt: skip
"""Acronyms that are read, not spelled."""

SHOUTED: Final = frozenset({
    "I", "A", "AN", "AND", "ALL", "ANY", "ARE", "AS", "AT", "BE", "BUT", "BY", "CAN", "DO", "DON", "FOR", "GO",
    "GOOD", "HAS",
    "HAVE", "HE", "HERE", "HI", "HOW", "IF", "IN", "IS", "IT", "JUST", "KEEP", "LET", "LOVE", "ME", "MORE", "MUST",
    "MY",
    "NEVER", "NEW", "NO", "NOT", "NOW", "OF", "OFF", "OH", "ON", "ONE", "ONLY", "OR", "OUR", "OUT", "SEE", "SHE", "SO",
    "STOP", "THAT", "THE", "THEN", "THIS", "TIP", "TO", "TOO", "TOP", "TRY", "TWO", "UP", "US", "VERY", "WE", "WHAT",
    "WHEN", "WHO", "WHY", "WILL", "WITH", "WOW", "YES", "YOU", "YOUR", "SÍ", "MUY", "DE", "LA", "EL", "EN", "QUE",
    "QUÉ",
    "LOS", "LAS", "UN", "UNA", "POR", "CON", "HOLA", "BIEN", "TODO", "MÁS", "ES", "SU", "TU", "MI", "NI", "SIN",
    "AHORA",
})  # fmt: skip
"""Plain words that are written in capitals for emphasis."""

_SHARED: Final = {
    "Node.js": "Node J.S", "Vue.js": "View J.S", "Next.js": "Next J.S", "Three.js": "Three J.S",
    "React.js": "React J.S",
    "JS": "J.S", "Kubernetes": "Kubernetes", "K8s": "Kubernetes", "NumPy": "Num Pie", "PyTorch": "Pie Torch",
    "PyPI": "Pie P.I", "SciPy": "Sigh Pie", "MySQL": "My S.Q.L", "PostgreSQL": "Postgres Q.L", "NoSQL": "No S.Q.L",
    "SQLite": "S.Q.Lite", "GitHub": "Git Hub", "GitLab": "Git Lab", "DevOps": "Dev Ops", "MLOps": "M.L Ops",
    "JSON": "Jason", "JPEG": "jay peg", "GIF": "gif", "OAuth": "Oh Auth", "LaTeX": "Lay Tech", "iOS": "eye O.S",
    "macOS": "mac O.S", "UI/UX": "U.I U.X", "CI/CD": "C.I C.D", "TCP/IP": "T.C.P I.P", "ChatGPT": "Chat G.P.T",
    "OpenAI": "Open A.I", "GraphQL": "Graph Q.L", "WebGL": "Web G.L", "wifi": "why fye", "WiFi": "why fye",
    "Wi-Fi": "why fye", "TypeScript": "Type Script", "JavaScript": "Java Script",
}  # fmt: skip

ENGLISH: Final = _SHARED | {
    "C++": "C plus plus", "C#": "C sharp", "F#": "F sharp", ".NET": "dot net", "ASP.NET": "A.S.P dot net",
    "Go+": "Go plus",
    "R&D": "R and D",
    "AT&T": "A.T and T", "Q&A": "Q and A", "24/7": "twenty-four seven", "w/": "with", "w/o": "without", "vs.": "versus",
    "vs": "versus", "e.g.": "for example,", "i.e.": "that is,", "etc.": "et cetera", "approx.": "approximately",
    "No.": "number",
}  # fmt: skip

CHINESE: Final = _SHARED | {
    "C++": "C加加", "C#": "C sharp", "F#": "F sharp", ".NET": "dot net", "e.g.": "例如", "vs": "对比", "vs.": "对比",
}  # fmt: skip

SPANISH: Final = {
    "C++": "ce más más", "C#": "ce sharp", "F#": "efe sharp", ".NET": "punto net", "Node.js": "noud J S",
    "Vue.js": "viu J S",
    "Next.js": "next J S", "React.js": "riact J S", "JavaScript": "yava escript", "TypeScript": "taip escript",
    "Python": "páiton", "MySQL": "mai S Q L", "PostgreSQL": "posgres Q L", "NoSQL": "no S Q L", "GitHub": "guit jab",
    "DevOps": "dev ops", "Java": "yava", "machine learning": "machín lérnin", "Machine Learning": "machín lérnin",
    "deep learning": "dip lérnin", "Deep Learning": "dip lérnin", "big data": "big deita", "Big Data": "big deita",
    "data science": "deita sáiens", "cloud": "claud", "Cloud": "claud", "frontend": "frontend", "backend": "bákend",
    "software": "sóftuer", "hardware": "járduer", "online": "onláin", "Excel": "Exel", "JSON": "yeison",
    "iOS": "i o ese",
    "Google": "gúguel", "Microsoft": "Máicrosoft", "CI/CD": "C I C D", "UI/UX": "U I U X", "wifi": "guifi",
    "WiFi": "guifi",
    "Wi-Fi": "guifi", "ChatGPT": "chat G P T", "OpenAI": "open ei ai", "Kubernetes": "kubernetes", "Docker": "dóker",
    "EE. UU.": "Estados Unidos", "EE.UU.": "Estados Unidos", "p. ej.": "por ejemplo", "p.ej.": "por ejemplo",
    "etc.": "etcétera", "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Dr.": "doctor", "Dra.": "doctora",
    "Ud.": "usted", "Uds.": "ustedes", "n.º": "número", "N.º": "número", "nº": "número", "Nº": "número",
    "pág.": "página",
    "aprox.": "aproximadamente", "I+D": "i más de", "24/7": "veinticuatro siete", "vs.": "contra", "vs": "contra",
}  # fmt: skip
"""English names are respelled so that the Spanish voice says them as its speakers do."""


def apply_terms(rewriter: Rewriter, table: dict[str, str]) -> None:
    """Replaces the names of `table` wherever they stand alone."""
    names = "|".join(re.escape(name) for name in sorted(table, key=len, reverse=True))

    def spoken(match: re.Match[str]) -> str:
        # The full stop of an abbreviation at the end of the text ends the sentence, too.
        said, ends = table[match.group()], match.end() == len(match.string.rstrip())
        return said.rstrip(",") + "." if ends and match.group().endswith(".") else said

    rewriter.sub(rf"(?<![A-Za-zÀ-ɏ0-9_.#+])(?:{names})(?![A-Za-zÀ-ɏ0-9_#+])", spoken)


def apply_acronyms(rewriter: Rewriter, spell: Callable[[str], str], plural: str = "s") -> None:
    """Spells words of capitals letter by letter, except those that are read, and lowers what is only shouted."""

    def spoken(match: re.Match[str]) -> str | None:
        word, ending = match.group(1), match.group(2)
        if word in SPOKEN_AS_WORDS:
            return word.capitalize() + ending
        if word in SHOUTED or len(word) > 5:
            return word.lower() + ending
        return spell(word) + (f"'{plural}" if ending else "")

    # Three words of capitals in a row are shouted, not spelled.
    rewriter.sub(
        r"(?<![A-Za-zÀ-ÿ.])[A-ZÁÉÍÓÚÑ]+(?:['’][A-Z]+)?(?:[ ,!]+[A-ZÁÉÍÓÚÑ]+(?:['’][A-Z]+)?){2,}(?![A-Za-zÀ-ÿ.])",
        lambda match: match.group().lower() if any(w in SHOUTED for w in match.group().split()) else None,
    )
    # Not inside a name (iPhone), a dotted abbreviation (U.S.) or a code (ABC123).
    rewriter.sub(r"(?<![A-Za-zÀ-ÿ0-9.])([A-ZÁÉÍÓÚÑ]{2,})(s?)(?![A-Za-zÀ-ÿ0-9]|\.[A-Z])", spoken)
