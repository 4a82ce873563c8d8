from __future__ import annotations

import pytest

from visavis.core.language import Language
from visavis.personas.advisor import Profile
from visavis.personas.extraction import Fact
from visavis.personas.guard import QuestionGuard
from visavis.personas.lexicon import Lexicon
from visavis.personas.script import Script

LEXICON = Lexicon.load()


@pytest.mark.parametrize(
    ("language", "fact", "text", "passes"),
    [
        ("en", "level", "How much experience do you already have with Python?", True),
        ("en", "level", "Would you call yourself a beginner, intermediate or advanced?", True),
        ("en", "level", "Are you a beginner?", False),
        ("en", "level", "How much experience do you have with Java?", False),
        ("en", "level", "What career would you like?", False),
        ("en", "level", "You have a lot of experience.", False),
        ("en", "level", "Great choice! How much experience do you have?", False),
        ("en", "level", "¿Cuánta experiencia tienes?", False),
        ("en", "level", "你有多少经验？", False),
        ("en", "level", "How much experience do you have with https://example.org?", False),
        ("en", "level", "", False),
        ("en", "level", "How much experience " + "do you have " * 30 + "?", False),
        ("en", "career", "What career would you like to reach with Python?", True),
        ("en", "career", "Do you want to become a data scientist?", False),
        ("es", "level", "¿Cuánta experiencia tienes ya con Python?", True),
        ("es", "career", "¿Qué profesión te gustaría alcanzar?", True),
        ("es", "career", "What career do you have in mind?", False),
        ("zh", "level", "你目前在Python方面有什么经验？", True),
        ("zh", "level", "你目前在数据库方面有什么经验？", False),
        ("zh", "career", "你的职业目标是什么？", True),
        ("zh", "career", "初学者，想做前端工程师？", False),
        ("zh", "career", "What is your career 目标?", False),
    ],
)
def test_guard(language: Language, fact: Fact, text: str, passes: bool) -> None:
    guard = QuestionGuard(language, fact, Profile(goal="python"), Script.load(language), LEXICON)
    assert guard(text) is passes


def test_while_the_goal_is_open_no_topic_is_suggested() -> None:
    script = Script.load("en")
    open_mind = QuestionGuard("en", "goal", Profile(), script, LEXICON)
    assert open_mind("What would you like to learn first?")
    assert not open_mind("Would you like to learn Python?")
    aiming = QuestionGuard("en", "goal", Profile(career="data-scientist"), script, LEXICON)
    assert aiming("What would you like to learn on your way to data science?")
    assert not aiming("What would you like to learn in cloud computing?")
