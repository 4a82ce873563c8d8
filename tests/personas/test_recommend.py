from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES
from visavis.engines.registry import EngineContext, Registry
from visavis.personas.courses import load_courses
from visavis.personas.extraction import CAREER_OF
from visavis.personas.lexicon import LEVELS
from visavis.personas.recommend import Recommender, Wish, card
from visavis.personas.script import Script
from visavis.weights.store import WeightStore

EN = Script.load("en")


def test_the_catalogue() -> None:
    courses = load_courses()
    assert len(courses) >= 30
    topics = {course.topics[0] for course in courses}
    assert {"python", "javascript", "machine-learning", "data-science", "devops", "sql", "cloud", "design"} <= topics
    for course in courses:
        assert set(course.topics) <= set(CAREER_OF)
        assert set(course.careers) <= set(EN.label.career)
        assert len({course.title[language] for language in LANGUAGES}) == 3


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish("python", "beginner", "data-scientist"), ["python-data-start", "python-first-steps"]),
        (Wish("machine-learning", "advanced", "ml-engineer"), ["ml-deep", "ml-operations"]),
        (Wish("design", "intermediate", "designer"), ["design-ux"]),
        (Wish("javascript", "beginner", "web-developer"), ["js-first-pages"]),
        (Wish("cpp", "beginner", "hobby"), ["cpp-begin", "cpp-modern"]),
        (Wish("programming", "beginner", "exploring"), ["python-first-steps"]),
    ],
)
async def test_the_best_come_first(wish: Wish, expected: list[str]) -> None:
    best = [course.id for course in await Recommender(load_courses()).best(wish, EN)]
    assert len(set(best)) == 3
    if len(expected) == 1:
        assert best[0] == expected[0]
    else:
        assert set(best[:2]) == set(expected)


async def test_every_wish_gets_three_courses_of_its_topic_or_near_it() -> None:
    recommender = Recommender(load_courses())
    for goal in EN.label.topic:
        for level in LEVELS:
            best = await recommender.best(Wish(goal, level, "exploring"), EN)
            assert len({course.id for course in best}) == 3
            assert goal in best[0].topics, (goal, level)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_cards_are_localised(language: Any) -> None:
    script = Script.load(language)
    wish = Wish("sql", "intermediate", "data-analyst")
    for course in await Recommender(load_courses()).best(wish, script):
        shown = card(course, wish, script, language)
        assert shown["title"] == course.title[language]
        assert shown["level_label"] in script.label.level.values()
        assert shown["why"].endswith(script.why.end) and "{" not in shown["why"]
        json.dumps(shown)


async def test_an_embedder_refines_but_does_not_overturn() -> None:
    embedder = Registry().create("embedder", "fake", EngineContext(WeightStore()))
    recommender = Recommender(load_courses(), embedder)
    await recommender.warm()
    best = await recommender.best(Wish("python", "beginner", "data-scientist"), EN)
    assert {course.id for course in best[:2]} == {"python-data-start", "python-first-steps"}


COURSE: dict[str, Any] = {
    "id": "one", "topics": ["python"], "level": "beginner", "hours": 3, "url": "https://example.org/one",
    "title": {"en": "A", "zh": "B", "es": "C"}, "blurb": {"en": "A", "zh": "B", "es": "C"},
}  # fmt: skip


def test_a_hosts_catalogue_as_json(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps([{**COURSE, "id": name} for name in ("a", "b", "c")]), "utf-8")
    assert [course.id for course in load_courses(path)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"level": "hard"}, "level"),
        ({"hours": -1}, "hours"),
        ({"title": {"en": "A", "es": "C"}}, "title lacks zh"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"topics": []}, "topics"),
        ({"colour": "red"}, "colour"),
        ({"id": "b"}, "twice"),
    ],
)
def test_a_wrong_catalogue_is_explained(tmp_path: Path, change: dict[str, Any], hint: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps([{**COURSE, "id": name} for name in "bc"] + [{**COURSE, **change}]), "utf-8")
    with pytest.raises(VisavisError) as caught:
        load_courses(path)
    assert caught.value.code == "courses.invalid"
    assert "mine.json" in caught.value.message and hint in caught.value.message


def test_too_few_broken_and_missing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for text in ("course = []", "course = [", "nothing = 1"):
        path.write_text(text, "utf-8")
        with pytest.raises(VisavisError, match=r"mine\.toml"):
            load_courses(path)
    with pytest.raises(VisavisError, match="cannot be read"):
        load_courses(tmp_path / "absent.toml")
