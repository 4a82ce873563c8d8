"""Speech recognition by URL: a service of ours keeps the whole contract, any other what OpenAI's route promises."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import numpy as np
import pytest
from pydantic import ValidationError

from tests.engines.builtin.annexes import annex
from tests.engines.builtin.openai_server import serving
from tests.engines.builtin.voice_server import KEY, VoiceServer
from tests.engines.contracts.stt import Said, STTContract
from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.builtin.openai_stt import OpenAISTT, OpenAISTTOptions
from visavis.engines.fake import spoken
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.stt import STTOptions
from visavis.weights.store import WeightStore


def voice_of(text: str) -> AudioChunk:
    return AudioChunk(np.pad(spoken.encode(text, SPEECH_RATE), (1600, 3200)), SPEECH_RATE)


HELLO = voice_of("Hello there, you two.")


def made(url: str, model: str = "", timeout_s: float = 10.0, patience_s: float = 0.0, api_key: str = "") -> OpenAISTT:
    options = {"base_url": url, "model": model, "timeout_s": timeout_s, "patience_s": patience_s, "api_key": api_key}
    return OpenAISTT(OpenAISTTOptions.model_validate(options))


@pytest.fixture(scope="module")
def ours() -> Iterator[str]:
    with annex("stt") as url:
        yield url


@pytest.fixture(scope="module")
def other() -> VoiceServer:
    return VoiceServer()


@pytest.fixture(scope="module")
def url(other: VoiceServer) -> Iterator[str]:
    with serving(other.app) as base_url:
        yield base_url


class TestOurService(STTContract):
    @pytest.fixture
    async def stt(self, ours: str) -> AsyncIterator[OpenAISTT]:
        stt = made(ours)
        await stt.warm()
        yield stt
        await stt.aclose()

    @pytest.fixture
    def said(self) -> dict[Language, Said]:
        texts: dict[Language, str] = {
            "en": "I want to learn Python.", "zh": "我想学习数据科学。", "es": "Quiero aprender a programar.",
        }  # fmt: skip
        words = {"en": ("learn", "python"), "zh": ("学习",), "es": ("aprender", "programar")}
        return {language: Said(voice_of(text), language, words[language]) for language, text in texts.items()}

    async def test_it_says_what_it_runs(self, stt: OpenAISTT) -> None:
        assert stt.model == "fake"
        assert stt.capabilities.word_times and stt.capabilities.languages == {"en", "zh", "es"}


async def test_any_other_service_gives_text_language_words_and_how_sure_it_is(url: str, other: VoiceServer) -> None:
    stt = made(url)
    await stt.warm()
    heard = await stt.transcribe(HELLO, STTOptions(word_times=True, prompt="Names: Bob."))
    assert (heard.text, heard.language) == ("Hello there, you two.", "en")
    assert heard.confidence == pytest.approx(0.905, abs=0.01)
    assert [word.text for word in heard.words] == ["Hello", "there,", "you", "two."]
    assert all(heard.text[word.offset :].startswith(word.text) for word in heard.words)
    asked = other.asked[-1]
    assert (asked["model"], asked["prompt"], asked["response_format"]) == ("house-model", "Names: Bob.", "verbose_json")
    assert not {"language", "candidates", "partial"} & asked.keys()
    await stt.aclose()


async def test_a_language_that_nobody_speaks_here_becomes_the_first_candidate(url: str) -> None:
    stt = made(url)
    heard = await stt.transcribe(voice_of("你好，世界。"), STTOptions(candidates=("es", "en")))
    assert (heard.language, heard.text) == ("es", "你好，世界。")
    assert (await stt.transcribe(voice_of("你好，世界。"), STTOptions())).language == "zh"
    await stt.aclose()


@pytest.mark.parametrize(
    ("model", "code", "retryable", "hint"),
    [
        ("locked", "stt.unavailable", False, "VISAVIS_STT_API_KEY"),
        ("absent", "stt.unavailable", False, "check its address and model"),
        ("failing", "stt.unavailable", True, "status 500"),
        ("busy", "stt.unavailable", True, "try again"),
        ("refused", "stt.unavailable", False, "status 422"),
        ("garbled", "stt.unavailable", False, "no transcript"),
        ("silent", "stt.timeout", True, "0.3 s"),
    ],
)
async def test_every_failure_has_a_code_and_a_hint(url: str, model: str, code: str, retryable: bool, hint: str) -> None:
    stt = made(url, model, timeout_s=0.3)
    with pytest.raises(VisavisError) as caught:
        await stt.transcribe(HELLO, STTOptions())
    assert (caught.value.code, caught.value.retryable) == (code, retryable)
    assert hint in caught.value.message
    await stt.aclose()


async def test_a_key_is_sent_and_not_shown(url: str) -> None:
    stt = made(url, "locked", api_key=KEY)
    assert (await stt.transcribe(HELLO, STTOptions())).text
    assert KEY not in repr(stt._options)
    await stt.aclose()
    wrong = made(url, api_key="wrong")
    with pytest.raises(VisavisError, match="refuses the key"):
        await wrong.warm()
    await wrong.aclose()


async def test_a_busy_service_is_asked_again_but_not_for_a_partial(url: str, other: VoiceServer) -> None:
    stt = made(url, patience_s=5.0)
    other.fail_next = 2
    assert (await stt.transcribe(HELLO, STTOptions())).text
    other.fail_next = 1
    with pytest.raises(VisavisError, match="status 503"):
        await stt.transcribe(HELLO, STTOptions(partial=True))
    assert other.fail_next == 0
    await stt.aclose()


async def test_nobody_there_is_said_at_once_the_second_time() -> None:
    stt = made("http://127.0.0.1:9", patience_s=0.5)
    for longest in (1.5, 0.1):
        begin = time.monotonic()
        with pytest.raises(VisavisError, match="does not answer") as caught:
            await stt.transcribe(HELLO, STTOptions())
        assert caught.value.code == "stt.unavailable" and caught.value.retryable
        assert time.monotonic() - begin < longest
        await asyncio.sleep(0.1)
    assert stt.health.error is not None
    await stt.aclose()


async def test_a_service_that_is_not_there_yet_is_waited_for(other: VoiceServer) -> None:
    with serving(other.app) as first:
        pass
    stt = made(first, patience_s=10.0)
    waiting = asyncio.create_task(stt.transcribe(HELLO, STTOptions()))
    await asyncio.sleep(0.3)
    away = stt.health.error
    assert away is not None and not waiting.done()
    with serving(other.app, port=int(first.rsplit(":", 1)[1])):
        assert (await waiting).text == "Hello there, you two."
        assert stt.health.error is None
        await stt.aclose()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://me:secret@host", "localhost:8001"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="address"):
        made(address)


async def test_times_of_words_are_made_only_for_who_wants_them(ours: str) -> None:
    stt = made(ours)
    await stt.warm()
    assert not (await stt.transcribe(HELLO, STTOptions())).words
    assert stt._form(STTOptions())["timestamps"] == "false"
    assert "timestamps" not in stt._form(STTOptions(word_times=True))
    await stt.aclose()


async def test_a_closed_engine_says_so(url: str) -> None:
    stt = made(url)
    await stt.aclose()
    with pytest.raises(VisavisError, match="has been left"):
        await stt.transcribe(HELLO, STTOptions())


def test_the_registry_makes_it_from_options(url: str) -> None:
    stt = Registry().create("stt", "openai", EngineContext(WeightStore(), options={"base_url": url, "model": "m"}))
    assert stt.model == "m"
