"""What questions ask for, and what texts have."""

from __future__ import annotations

import pytest

from visavis.core.asked import asked, offers


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("How much does a ticket cost?", ("money",)),
        ("¿Cuánto vale la matrícula?", ("money",)),
        ("门票多少钱？", ("money",)),
        ("What time does the pool open?", ("clock",)),
        ("¿A qué hora abre la piscina?", ("clock",)),
        ("游泳池几点开门？", ("clock",)),
        ("How long is the warranty?", ("time",)),
        ("¿Cuántos años dura la garantía?", ("time", "number")),
        ("保修期多长时间？", ("time",)),
        ("How heavy is the lamp?", ("weight",)),
        ("¿De qué color es la lámpara?", ("colour",)),
        ("How do I clean the lamp?", ()),
        ("¿Quién hizo la lámpara?", ()),
        ("怎么清洁台灯？", ()),
    ],
)
def test_what_is_asked_for(question: str, kinds: tuple[str, ...]) -> None:
    assert asked(question) == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A ticket is £8.", "money"),
        ("La entrada es gratuita.", "money"),
        ("每张票八元。", "money"),
        ("It opens at 9:30.", "clock"),
        ("Abre a las nueve.", "clock"),
        ("早上九点开门。", "clock"),
        ("泳池周一18:30开门。", "clock"),
        ("每袋5kg的米。", "weight"),
        ("Repair takes ten days.", "time"),
        ("La garantía es de dos años.", "time"),
        ("保修三年。", "time"),
        ("It is 1.2 kg with its foot.", "weight"),
        ("每袋五公斤。", "weight"),
        ("Hay una roja.", "colour"),
    ],
)
def test_what_a_text_has(text: str, kind: str) -> None:
    assert offers(text, (kind,))
    assert not offers("The lamp stands on a table. La lámpara está en la mesa. 台灯在桌上。", (kind,))


def test_all_that_is_asked_for_is_needed() -> None:
    assert not offers("It costs 8 euros.", ("money", "clock"))
    assert offers("It costs 8 euros and opens at 9:00.", ("money", "clock"))
    assert offers("Anything.", ())
