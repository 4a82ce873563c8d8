"""How English is read aloud: written text and what is spoken."""

from __future__ import annotations

import pytest

from visavis.engines.text_normalization import normalize

CASES = [
    ("I have 3 courses.", "I have three courses."),
    ("It costs $20.", "It costs twenty dollars."),
    ("It costs $19.99.", "It costs nineteen dollars and ninety-nine cents."),
    ("Only 99 cents, or $0.99?", "Only ninety-nine cents, or ninety-nine cents?"),
    ("£5 and €7.50", "five pounds and seven euros and fifty cents"),
    ("¥300 is cheap.", "three hundred yen is cheap."),
    ("$1.5 million was raised.", "one point five million dollars was raised."),
    ("Save 25% today.", "Save twenty-five percent today."),
    ("Up by 3.5%.", "Up by three point five percent."),
    ("1,234 people came.", "one thousand two hundred and thirty-four people came."),
    ("1,000,000 views", "one million views"),
    ("In 1999 it began.", "In nineteen ninety-nine it began."),
    ("Since 2008 and until 2024.", "Since two thousand eight and until twenty twenty-four."),
    ("The 1990s were fun.", "The nineteen nineties were fun."),
    ("2005-2010", "two thousand five to twenty ten"),
    ("On May 12, 2024 we met.", "On May twelfth, twenty twenty-four we met."),
    ("12 May 2024", "the twelfth of May twenty twenty-four"),
    ("2024-05-12", "May twelfth, twenty twenty-four"),
    ("5/12/2024", "May twelfth, twenty twenty-four"),
    ("At 3:05 pm.", "At three oh five P.M."),
    ("At 3pm we start.", "At three P.M we start."),
    ("It is 14:30 now.", "It is fourteen thirty now."),
    ("At 9:00 sharp.", "At nine o'clock sharp."),
    ("The 1st, 2nd, 3rd and 21st.", "The first, second, third and twenty-first."),
    ("10-20 hours", "ten to twenty hours"),
    ("5 km or 3 mi", "five kilometers or three miles"),
    ("It weighs 1 kg.", "It weighs one kilogram."),
    ("16GB of RAM", "sixteen gigabytes of Ram"),
    ("60 mph", "sixty miles per hour"),
    ("20°C outside", "twenty degrees Celsius outside"),
    ("-5 degrees", "minus five degrees"),
    ("1/2 cup", "one half cup"),
    ("3/4 done", "three quarters done"),
    ("24/7 support", "twenty-four seven support"),
    ("SQL, AWS and the API.", "S.Q.L, A.W.S and the A.P.I."),
    ("APIs and GPUs", "A.P.I's and G.P.U's"),
    ("C++, C# and .NET", "C plus plus, C sharp and dot net"),
    ("Node.js and JavaScript", "Node J.S and Java Script"),
    ("JSON files", "Jason files"),
    ("NASA and UNESCO", "Nasa and Unesco"),
    ("Dr. Smith and Mrs. Jones", "Doctor Smith and Missus Jones"),
    ("e.g. this, i.e. that", "for example, this, that is, that"),
    ("R&D at AT&T", "R and D at A.T and T"),
    ("See https://www.example.com/a/b?c=1 now.", "See example dot com now."),
    ("Mail me: bob@site.org.", "Mail me: bob at site dot org."),
    ("**Bold** and *italic* `code`", "Bold and italic code"),
    ("Great 🎉 job 👍", "Great job "),
    ("[the docs](https://x.io)", "the docs"),
    ("# Title", "Title"),
    ("Python 3.12 is out.", "Python three point one two is out."),
    ("version 3.11.4", "version three point eleven point four"),
    ("Room 007", "Room zero zero seven"),
    ("#1 choice", "number one choice"),
    ("Tom & Jerry", "Tom and Jerry"),
    ("2 + 2 = 4", "two plus two equals four"),
    ("It's 7 x 3 m.", "It's seven x three meters."),
]


@pytest.mark.parametrize(("written", "spoken"), CASES)
def test_reads(written: str, spoken: str) -> None:
    assert normalize(written, "en").text == spoken
