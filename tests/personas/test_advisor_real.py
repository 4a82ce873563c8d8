"""Genevieve with the real model, over a sample of the tables."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.personas.table import genevieve, respond, rows
from visavis.core.flow import Generate, Say
from visavis.core.language import LANGUAGES, Language
from visavis.engines.builtin.llamacpp import DEFAULT_MODEL, LlamaCpp, LlamaCppOptions
from visavis.engines.llm import LLMOptions
from visavis.engines.text_language import TextLanguage
from visavis.personas.courses import load_courses
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real

ENDS = ".!?。！？"


@pytest.fixture(scope="module")
def llm() -> Iterator[LlamaCpp]:
    store = WeightStore()
    store.pull(DEFAULT_MODEL)
    llm = LlamaCpp(store, LlamaCppOptions(context=1024, slots=1))
    yield llm
    asyncio.run(llm.aclose())


async def sentence(llm: LlamaCpp, step: Generate) -> str:
    """What the model makes, up to the end of the first sentence."""
    options = LLMOptions(step.max_tokens, step.temperature, step.stop, seed=1)
    made = "".join([delta.text async for delta in llm.generate(step.messages, options)]).strip()
    end = next((place for place, mark in enumerate(made) if mark in ENDS), len(made) - 1)
    return made[: end + 1]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_model_asks_in_one_sentence_and_names_no_course(language: Language, llm: LlamaCpp) -> None:
    flow = genevieve()
    detector = TextLanguage()
    titles = [title.casefold() for course in load_courses() for title in course.title.values()]
    asking = [row for row in rows(language) if row.then.startswith("ask")][::36]
    own = 0
    for row in asking:
        answer = await respond(flow, row.profile(), row.say, language)
        (step,) = [step for step in answer.steps if isinstance(step, Generate)]
        made = await sentence(llm, step)
        own += step.accepts(made)
        spoken = made if step.accepts(made) else step.fallback
        assert sum(mark in ENDS for mark in spoken) == 1
        assert spoken[-1] in "?？"
        whole = " ".join([*(step.text for step in answer.steps if isinstance(step, Say)), spoken]).casefold()
        assert not [title for title in titles if title in whole]
        assert detector.detect(spoken, "en" if language != "en" else "es") == language
    assert own >= len(asking) / 2
