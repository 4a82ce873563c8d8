"""Tells in which of the three languages something was typed; short answers lean on the words that give them away."""

from __future__ import annotations

import re
import threading
from functools import cache, cached_property
from typing import Any, Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from visavis.core.language import LANGUAGES, Language, as_language

_reading: Final = threading.Lock()
"""Held while the model is read, so that nobody reads it a second time meanwhile."""

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SPANISH_MARK: Final = re.compile(r"[¿¡ñáéíóúü]", re.IGNORECASE)
CERTAIN: Final = 0.85
"""The model's probability from which it is believed."""
ENOUGH_LETTERS: Final = 16
"""Below so many letters the model is not asked: it guesses."""

_ENGLISH: Final = """
i im you she it we they the an and or but not dont do does did is am are was were be been my your to of in on
at for from with without this that these those what which who how why when where want wanna would like learn
learning study teach hello hi hey thanks thank please yes yeah yep okay sure beginner intermediate advanced
expert newbie level years year experience never some little much very know become developer engineer scientist
analyst designer job career work goodbye bye help actually sorry maybe data science design cloud security have
can could should just really good
"""
_SPANISH: Final = """
yo tu el ella nosotros los las la lo un una unos unas y o pero soy eres es somos son estoy esta estar mi mis
su de del al en con sin por para que como cual quien cuando donde quiero quisiera gustaria aprender estudiar
ensename hola gracias adios buenas buenos dias si vale claro principiante novato intermedio intermedia medio
avanzado avanzada experto experta nivel anos ano experiencia nunca algo poco mucho muy se ser desarrollador
desarrolladora ingeniero ingeniera cientifico cientifica analista disenador disenadora trabajo trabajar
carrera ayuda mejor perdon datos ciencia diseno nube seguridad tengo tiene puedo puede bien nada hacer basico
te ya tambien programar programacion curso cursos desde cero favor llamo estudio necesito
"""


class TextLanguage:
    """Detects the language of typed text. The model, which all share, is read on first need, unless `warm` was called
    before."""

    def warm(self) -> None:
        """Reads the model. Blocking: most of a second."""
        _ = self._model

    def detect(self, text: str, default: Language) -> Language:
        """The language of `text`; `default` when it does not tell ("Python", "ok", "123")."""
        words = _WORD.findall(_HAN.sub(" ", text).casefold())
        han = len(_HAN.findall(text))
        if han and han >= len(words):
            return "zh"
        folded = [_folded(word) for word in words]
        spanish = sum(word in self._spanish for word in folded) + 2 * bool(_SPANISH_MARK.search(text))
        english = sum(word in self._english for word in folded)
        if spanish != english:
            return "es" if spanish > english else "en"
        if sum(map(len, words)) < ENOUGH_LETTERS:
            return default
        name, probability = self._model.classify(" ".join(words))
        found = as_language(str(name))
        return found if found in {"en", "es"} and float(probability) >= CERTAIN else default

    @cached_property
    def _english(self) -> frozenset[str]:
        return frozenset(_ENGLISH.split())

    @cached_property
    def _spanish(self) -> frozenset[str]:
        return frozenset(_SPANISH.split())

    @property
    def _model(self) -> Any:
        with _reading:
            return _identifier()


@cache
def _identifier() -> Any:
    """The model, read once for the whole process: it takes half a second to unpack, and is never changed."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(list(LANGUAGES))
    return model


def _folded(word: str) -> str:
    return word.translate(str.maketrans("áéíóúüñ", "aeiouun"))
