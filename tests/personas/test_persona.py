from __future__ import annotations

from pathlib import Path

import pytest

from visavis.core.conversation import Conversation, Message
from visavis.core.errors import VisavisError
from visavis.core.flow import Generate, Utterance
from visavis.core.language import LANGUAGES
from visavis.personas.courses import load_courses
from visavis.personas.flows import make_flow
from visavis.personas.open_flow import OpenFlow
from visavis.personas.persona import load_personas, parse_persona, pick_persona

MINIMAL = """
id = "ana"
name = "Ana"
portrait = "ana"
accent = "#102030"
languages = ["es"]
flow = "open"
[voices]
es = { kokoro = "ef_dora" }
[greeting]
es = "Hola."
[apology]
es = "Perdona."
[instructions]
es = "Habla poco."
"""


def test_two_personas_ship() -> None:
    personas = load_personas()
    assert set(personas) == {"genevieve", "open"}
    assert personas["genevieve"].flow == "advisor"
    for persona in personas.values():
        assert persona.languages == LANGUAGES
        assert persona.voice("zh", "kokoro")
        assert persona.voice("zh", "piper") is None


def test_a_hosts_folder_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "ana.toml").write_text(MINIMAL, "utf-8")
    (tmp_path / "other.toml").write_text(MINIMAL.replace('id = "ana"', 'id = "open"'), "utf-8")
    personas = load_personas(tmp_path)
    assert set(personas) == {"genevieve", "open", "ana"}
    assert personas["open"].name == "Ana"


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('accent = "#102030"', 'accent = "blue"', "accent"),
        ('flow = "open"', 'flow = "advisor"', "needs the languages"),
        ('flow = "open"', 'flow = "quiz"', "flow"),
        ('es = "Hola."', "", "greeting lacks es"),
        ('id = "ana"', 'id = "Ana!"', "id"),
        ('name = "Ana"', "", "name"),
        ('name = "Ana"', 'name = "Ana"\nnmae = "x"', "nmae"),
        ("[voices]", "[voices", "no valid TOML"),
        ('languages = ["es"]', 'languages = ["fr"]', "languages"),
    ],
)
def test_a_wrong_file_is_named_with_its_field(old: str, new: str, hint: str) -> None:
    with pytest.raises(VisavisError) as caught:
        parse_persona(MINIMAL.replace(old, new, 1), "ana.toml")
    assert caught.value.code == "personas.invalid"
    assert "ana.toml" in caught.value.message
    assert hint in caught.value.message


def test_folder_problems(tmp_path: Path) -> None:
    with pytest.raises(VisavisError, match="not there"):
        load_personas(tmp_path / "nowhere")
    (tmp_path / "one.toml").write_text(MINIMAL, "utf-8")
    (tmp_path / "two.toml").write_text(MINIMAL, "utf-8")
    with pytest.raises(VisavisError, match="same id"):
        load_personas(tmp_path)
    (tmp_path / "two.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(VisavisError, match="UTF-8"):
        load_personas(tmp_path)


def test_unknown_persona() -> None:
    with pytest.raises(VisavisError, match="genevieve, open") as caught:
        pick_persona(load_personas(), "bob")
    assert caught.value.code == "personas.unknown"


async def test_the_open_flow_hands_over_the_recent_conversation() -> None:
    flow = make_flow(load_personas()["open"], load_courses())
    assert isinstance(flow, OpenFlow)
    long = Conversation(tuple(Message("user" if i % 2 == 0 else "assistant", str(i)) for i in range(40)))
    answer = await flow.respond(flow.start(), Utterance("¿Qué tal?", "es"), long)
    (step,) = answer.steps
    assert isinstance(step, Generate)
    assert step.messages[0] == flow.warm_prompts("es")[0][0]
    assert [message.text for message in step.messages[1:]] == [*map(str, range(28, 40)), "¿Qué tal?"]
    assert (step.sentences, step.max_tokens) == (3, 120)
    assert step.fallback in flow.fixed_lines("es")
    assert flow.greeting("zh") in flow.fixed_lines("zh")
