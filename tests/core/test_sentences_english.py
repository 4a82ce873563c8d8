"""Where streamed English is cut for speech; a bar marks a cut."""

from __future__ import annotations

import pytest

from visavis.core.sentences import sentences

CASES = [
    "Hello there. |How are you?",
    "Hi! |Great. |OK?",
    "Well, that sounds really good to me.",
    "That is a good plan, |and I like it. |Next?",
    "Dr. Smith is here. |He waits.",
    "Mr. and Mrs. Jones left. |Good.",
    "We met J. K. Rowling today. |Nice!",
    "Use e.g. Python for this. |It works.",
    "It costs $3.50 today. |Cheap!",
    "Pi is 3.14159 and more. |Yes.",
    "Visit www.example.com now. |Thanks.",
    "Go to https://a.b/c?d=e. |Then wait.",
    "Wait... |what is it? |Fine.",
    "Wait… |what is it? |Fine.",
    'He said "stop." |Then he left.',
    "He said “stop!” |Then he left.",
    "Really?! |Yes. |No!",
    "It is 5 p.m. already. |Hurry.",
    "The U.S. is big. |So is Spain.",
    "Node.js is fun. |C++ too.",
    "1. Python is first. |2. SQL is next.",
    "I think (maybe. not) so. |Right.",
    "One two, three four five six.",
    "Yes, I can do that for you, |of course, today.",
    "I would love to help you find the right course |because it matters a lot.",
    "A, b, c.",
    "Hello",
    "Hello\n|World is big\n|Bye",
    "Is it so? |Yes: it is so, my friend.",
    "He won; |she lost. |End.",
    "Prof. X and Dr. Y agree vs. Z. Done.",
    "It's ok, isn't it, |my dear friend?",
    "Version 3.12.1 is out. |Get it.",
    "Cool 😀! |Let's go. |Now.",
    '"Quoted start," he said to them all. |Fine.',
    "First of all — |and I mean it — you can do this.",
    "In 1,234 cases, |it failed badly. |Sorry.",
    "What time is it, |10:30, or later than that?",
    "I like it (a lot, really). |You?",
    "Approx. five of them came. |Good.",
]


@pytest.mark.parametrize("cut", CASES)
def test_cuts(cut: str) -> None:
    assert "|".join(sentences(cut.replace("|", ""), "en")) == cut
