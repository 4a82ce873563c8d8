"""Where streamed Spanish is cut for speech; a bar marks a cut."""

from __future__ import annotations

import pytest

from visavis.core.sentences import sentences

CASES = [
    "Hola. |¿Qué tal?",
    "¡Hola! |¿Cómo estás? |Bien.",
    "¡Qué bien! |Me alegro mucho, de verdad.",
    "El Sr. Pérez llegó. |La Sra. Gómez no.",
    "Vive en EE. UU. desde 2010. |Bien.",
    "Usa p. ej. Python hoy. |Funciona.",
    "Cuesta 3,50 euros hoy. |¡Barato!",
    "Son 1.234 personas en total. |Muchas.",
    "Visita www.ejemplo.com ahora. |Gracias.",
    "Espera… |¿qué es? |Nada.",
    "Espera... |¿qué es? |Nada.",
    "Dijo «basta». |Luego se fue.",
    "Dijo: “¡basta!” |Luego se fue.",
    "¿De verdad?! |Sí. |¡No!",
    "Son las 5 p.m. ya. |Corre.",
    "Me parece muy bien, |y puedo ayudarte hoy.",
    "Claro, te ayudo con eso ahora mismo.",
    "Me encantaría ayudarte a encontrar el mejor curso |porque es importante.",
    "Sí, no, tal vez, |quizá mañana.",
    "Primero esto; |luego aquello. |Fin.",
    "La Dra. López y el Dr. Ruiz están aquí. |Bien.",
    "Es el n.º 5 de la lista. |Vale.",
    "Ud. puede hacerlo. |Seguro.",
    "Hay manzanas, peras, |etc. en casa.",
    "¿Cuánto tiempo tienes cada semana, |más o menos?",
    "¿Quieres aprender Python, |o prefieres otra cosa?",
    "Hola",
    "Hola\n|Adiós a todos\n|Fin",
    "Node.js mola. |C++ también.",
    "1. Python va primero. |2. SQL va después.",
    "Creo (quizá. no) que sí. |Bien.",
    "Uno dos tres, |cuatro cinco seis.",
    "La versión 3.12.1 salió. |Toma.",
    "¡Genial 😀! |Vamos ya. |Ahora.",
    "Primero — y va en serio — |tú puedes hacerlo.",
    "En 1.234 casos, |falló mucho. |Perdón.",
    "¿A qué hora es, |a las 10:30, o más tarde?",
    "Me gusta (mucho, de verdad). |¿Y a ti?",
    "Aprox. cinco de ellos vinieron. |Bien.",
    "Av. Reforma es larga. |Sí.",
    "¿Sí? |¿No? |¿Tal vez?",
]


@pytest.mark.parametrize("cut", CASES)
def test_cuts(cut: str) -> None:
    assert "|".join(sentences(cut.replace("|", ""), "es")) == cut
