"""Vectors without the accent of their language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from visavis.engines.builtin.e5 import E5Embedder
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.engines.text_language import TextLanguage
from visavis.knowledge.meaning import Meaning

ANSWERS = {
    "en": "Bicycles may be parked in the yard behind the house.",
    "zh": "垃圾每周二和周五早上收集。",
    "es": "La sala de música se puede reservar por teléfono.",
}
QUESTIONS = {
    "en": ("自行车可以停在哪里？", "¿Dónde puedo aparcar mi bicicleta?"),
    "zh": ("On which days is the rubbish collected?", "¿Qué días se recoge la basura?"),
    "es": ("How do I book the music room?", "怎么预订音乐室？"),
}


class CountingEmbedder(FakeEmbedder):
    """Counts how many texts it is given."""

    def __init__(self) -> None:
        self.texts = 0

    async def embed(self, texts: Sequence[str], kind: object) -> NDArray[np.float32]:
        self.texts += len(texts)
        return await super().embed(texts, "query")


async def test_unit_vectors_of_each_kind() -> None:
    meaning = Meaning(FakeEmbedder(), TextLanguage())
    vectors = await meaning.passages(list(ANSWERS.values()), list(ANSWERS))
    query = await meaning.query("Where do I park?")
    assert vectors.shape == (3, 256) and query.shape == (256,)
    assert np.allclose(np.linalg.norm([*vectors, query], axis=1), 1.0, atol=1e-5)
    assert (await meaning.passages([], [])).shape == (0, 256)


async def test_a_language_nobody_knows_counts_as_a_mixture() -> None:
    meaning = Meaning(FakeEmbedder(), TextLanguage())
    known, mixed, unknown = await meaning.passages(["Tee am Nachmittag"] * 3, ["en", "", "de"])
    assert np.allclose(mixed, unknown) and not np.allclose(known, mixed)


async def test_accents_are_measured_once_and_passages_wait_for_the_patient() -> None:
    eager, patient = CountingEmbedder(), CountingEmbedder()
    meaning = Meaning(eager, TextLanguage(), patient)
    await meaning.load()
    measured = eager.texts
    await meaning.query("Where?")
    await meaning.passages(["There.", "Here."], ["en", "en"])
    assert (eager.texts - measured, patient.texts) == (1, 2)


@pytest.mark.real
async def test_a_question_is_nearest_to_its_answer_whatever_their_languages() -> None:
    embedder = E5Embedder()
    meaning = Meaning(embedder, TextLanguage())
    passages = await meaning.passages(list(ANSWERS.values()), list(ANSWERS))
    for place, questions in enumerate(QUESTIONS.values()):
        for question in questions:
            assert int(np.argmax(passages @ await meaning.query(question))) == place, question
    await embedder.aclose()
