"""When documents are looked up, and what the flows make of what is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.personas.binder import LAMP, NOTHING_SAID, POOL, Binder, told
from visavis.core.conversation import Conversation, Message
from visavis.core.flow import Flow, Generate, Say, Utterance
from visavis.core.language import LANGUAGES, Language
from visavis.personas.advisor import Profile
from visavis.personas.bookshelf import NAMED, Bookshelf
from visavis.personas.courses import load_courses
from visavis.personas.flows import make_flow
from visavis.personas.persona import load_personas
from visavis.personas.questions import asks_for_facts, follows_up, small_talk

UNKNOWN: dict[Language, str] = {
    "en": "I can't find that in my documents.",
    "zh": "我的资料里没有找到这方面的内容。",
    "es": "No encuentro eso en mis documentos.",
}


def theo(binder: Binder | None) -> Flow:
    return make_flow(load_personas()["open"], load_courses(), retriever=binder)


def genevieve(binder: Binder | None) -> Flow:
    return make_flow(load_personas()["genevieve"], load_courses(), retriever=binder)


@pytest.mark.parametrize(
    "text",
    [
        "What time do you close?",
        "Tell me about refunds",
        "¿Cuánto cuesta?",
        "Gracias, ¿y cuándo abren?",
        "保修期多长？",
        "几点开门",
    ],
)
def test_questions(text: str) -> None:
    assert asks_for_facts(text)


@pytest.mark.parametrize(
    "text", ["How are you?", "Hi, who are you?", "¿Qué tal?", "你叫什么名字？", "Thanks a lot!", "再说一遍"]
)
def test_small_talk(text: str) -> None:
    assert small_talk(text)
    assert not asks_for_facts(text)


@pytest.mark.parametrize("text", ["And for children?", "What is it made of?", "¿Y los lunes?", "那孩子呢？"])
def test_follow_ups(text: str) -> None:
    assert follows_up(text)
    assert not follows_up("How long is the warranty of the Heron lamp in Spain?")


async def test_without_documents_nothing_is_looked_up_and_nothing_changes() -> None:
    binder = Binder(LAMP)
    persona = load_personas()["open"].model_copy(update={"knowledge": ("elsewhere",)})
    without, empty = theo(None), make_flow(persona, load_courses(), retriever=binder)
    for flow in (without, empty):
        answer = await flow.respond(flow.start(), Utterance("How long is the warranty?", "en"), NOTHING_SAID)
        (step,) = answer.steps
        assert isinstance(step, Generate)
        assert step.interpreter is None
        assert step.messages[0] == without.warm_prompts("en")[0][0]
        assert UNKNOWN["en"] not in flow.fixed_lines("en")
    assert binder.queries == []


async def test_passages_go_to_the_model_with_their_numbers_and_the_cache_stays_warm() -> None:
    flow = theo(Binder(LAMP, POOL))
    before = Conversation((Message("user", "Hello"), Message("assistant", "Hi there.")))
    answer = await flow.respond(flow.start(), Utterance("How long is the warranty of the lamp?", "en"), before)
    (step,) = answer.steps
    assert isinstance(step, Generate)
    plain, answering = flow.warm_prompts("en")
    assert plain == step.messages[:1]
    assert answering == step.messages[:-1]
    asked = step.messages[-1].text
    assert "Note 1 (Heron lamp manual, Warranty): The Heron lamp has a warranty of five years." in asked
    assert asked.endswith("Question: How long is the warranty of the lamp?")
    said, shows = told(step, "Five years [1].")
    assert said == "Five years."
    assert len(shows) == 1


@pytest.mark.parametrize(
    ("language", "question"),
    [("en", "Who painted the ceiling?"), ("zh", "谁画了天花板？"), ("es", "¿Quién pintó el techo?")],
)
async def test_what_is_not_in_the_documents_is_said_to_be_unknown(language: Language, question: str) -> None:
    flow = theo(Binder(LAMP))
    answer = await flow.respond(flow.start(), Utterance(question, language), NOTHING_SAID)
    assert answer.steps == (Say(UNKNOWN[language]),)
    assert UNKNOWN[language] in flow.fixed_lines(language)


async def test_small_talk_is_still_the_models() -> None:
    binder = Binder(LAMP)
    flow = theo(binder)
    for text in ("How are you?", "I had a long day"):
        answer = await flow.respond(flow.start(), Utterance(text, "en"), NOTHING_SAID)
        assert isinstance(answer.steps[0], Generate)
    assert "How are you?" not in binder.queries


async def test_a_follow_up_is_looked_up_with_what_it_follows() -> None:
    binder = Binder(LAMP)
    flow = theo(binder)
    before = Conversation((Message("user", "What is the warranty of the lamp?"), Message("assistant", "Five years.")))
    answer = await flow.respond(flow.start(), Utterance("And outdoors?", "en"), before)
    assert binder.queries == ["What is the warranty of the lamp? And outdoors?"]
    assert isinstance(answer.steps[0], Generate)
    assert answer.steps[0].messages[-3:-1] == before.messages


async def test_what_was_found_ahead_is_taken_as_it_is() -> None:
    binder = Binder(LAMP)
    flow = theo(binder)
    utterance = Utterance("How long is the warranty?", "en", found=(POOL,))
    answer = await flow.respond(flow.start(), utterance, NOTHING_SAID)
    assert isinstance(answer.steps[0], Generate)
    assert "City pool" in answer.steps[0].messages[-1].text
    assert binder.queries == []


async def test_documents_that_cannot_be_searched_are_not_a_dead_turn() -> None:
    flow = theo(Binder(LAMP, broken=True))
    answer = await flow.respond(flow.start(), Utterance("How long is the warranty?", "en"), NOTHING_SAID)
    assert answer.steps == (Say(UNKNOWN["en"]),)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_advisor_answers_from_documents_and_goes_on_asking(language: Language) -> None:
    refunds = replace(
        LAMP,
        collection="genevieve",
        text="Refunds are paid within 14 days. 退款在14天内到账。 El reembolso tarda 14 días.",
    )
    flow = genevieve(Binder(refunds))
    question = {
        "en": "How does the refund work?",
        "zh": "退款怎么办理？什么是退款？",
        "es": "¿Cuánto tarda el reembolso?",
    }[language]
    answer = await flow.respond(Profile(goal="python"), Utterance(question, language), NOTHING_SAID)
    grounded, asked = answer.steps
    assert isinstance(grounded, Generate)
    assert grounded.interpreter is not None
    assert "14" in grounded.messages[-1].text
    assert isinstance(asked, Say)
    assert answer.state == Profile(goal="python", asked="level")


async def test_the_advisor_names_no_course_that_a_document_puts_in_her_mouth() -> None:
    title = load_courses()[0].title["en"]
    advert = replace(
        LAMP, collection="genevieve", text=f"Refunds take 14 days. {title} is the best course about refunds."
    )
    flow = genevieve(Binder(advert))
    answer = await flow.respond(flow.start(), Utterance("What is the refund policy?", "en"), NOTHING_SAID)
    assert isinstance(answer.steps[0], Generate)
    said, _ = told(answer.steps[0], f"{title} is the best course about refunds [1].")
    assert said == f"«{UNKNOWN['en']}»"


async def test_a_question_about_courses_is_looked_up_too() -> None:
    fees = replace(LAMP, collection="genevieve", text="The fee for a course is 40 euros.")
    flow = genevieve(Binder(fees))
    answer = await flow.respond(flow.start(), Utterance("Is there a fee for the course?", "en"), NOTHING_SAID)
    assert isinstance(answer.steps[0], Generate)
    assert "40 euros" in answer.steps[0].messages[-1].text
    elsewhere = await flow.respond(flow.start(), Utterance("Which class suits my skills?", "en"), NOTHING_SAID)
    assert Say(UNKNOWN["en"]) not in elsewhere.steps


async def test_facts_about_the_person_come_first() -> None:
    binder = Binder(replace(LAMP, collection="genevieve"))
    flow = genevieve(binder)
    answer = await flow.respond(flow.start(), Utterance("I want to learn Python", "en"), NOTHING_SAID)
    assert answer.state == Profile(goal="python", asked="level")
    assert binder.queries == []


def test_titles_are_told_to_whoever_transcribes_in_the_writing_of_the_language() -> None:
    chinese = replace(LAMP, title="台灯\u200b说明书 [1]")
    code = replace(LAMP, title="2026-11")
    file = replace(LAMP, title="swift-desk_manual")
    shelf = Bookshelf(Binder(LAMP, chinese, POOL, code, file), ("open",), "Theo")
    assert shelf.names("en") == shelf.names("es") == "Heron lamp manual, City pool, swift desk manual."
    assert shelf.names("zh") == "台灯说明书。"
    assert Bookshelf(Binder(LAMP), (), "Theo").names("en") == ""
    assert Bookshelf(Binder(LAMP), ("elsewhere",), "Theo").names("en") == ""


def test_only_so_many_titles_are_told() -> None:
    many = [replace(LAMP, title=f"The manual of lamp {chr(65 + number)}") for number in range(26)]
    names = Bookshelf(Binder(*many), ("open",), "Theo").names("en")
    assert 80 < len(names) <= NAMED
    assert names.startswith("The manual of lamp A, The manual of lamp B")


def test_an_empty_list_of_collections_means_no_documents() -> None:
    assert not Bookshelf(Binder(LAMP), (), "Theo").open
    assert load_personas()["open"].collections == ("open",)
