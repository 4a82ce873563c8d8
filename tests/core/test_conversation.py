from hypothesis import given
from hypothesis import strategies as st

from visavis.core.conversation import Conversation, Message

QUESTION = Message("user", "What is SQL?", "u1")
ANSWER = Message("assistant", "SQL is a language. It asks databases.", "a1")
TALK = Conversation((QUESTION, ANSWER))


def test_an_interrupted_answer_keeps_what_was_heard() -> None:
    cut = TALK.truncate("a1", "SQL is a language.")
    assert cut.messages[-1].text == "SQL is a language."
    assert cut.messages[-1].interrupted
    assert TALK.messages[-1] == ANSWER


def test_an_answer_nobody_heard_is_gone() -> None:
    assert TALK.truncate("a1", "").messages == (QUESTION,)


def test_an_answer_heard_in_full_stays_whole() -> None:
    assert TALK.truncate("a1", ANSWER.text).messages == (QUESTION, ANSWER)


def test_remove_takes_out_one_item() -> None:
    assert TALK.remove("u1").messages == (ANSWER,)


@given(st.text(), st.text())
def test_other_items_are_never_touched(item: str, heard: str) -> None:
    if item not in {"u1", "a1"}:
        assert TALK.truncate(item, heard) == TALK
        assert TALK.remove(item) == TALK
