"""The reference page of the OpenAI-shaped routes, written from what they take."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from visavis.server.openai.chat_body import ChatBody
from visavis.server.openai.embeddings import EmbeddingsBody
from visavis.server.openai.speech_body import SpeechBody
from visavis.server.openai.transcription_form import TranscriptionForm

REFUSALS: Final[dict[str, tuple[int, str]]] = {
    "chat.content": (400, "A picture, a file or a recording in a message."),
    "chat.messages": (400, "A chat with a persona whose last message is not the user's."),
    "chat.persona": (400, "Tools or a JSON format for a persona, which answers in words."),
    "chat.schema": (400, "A JSON schema that is missing, too large, too deep, or refers to another document."),
    "chat.tool": (400, "A `tool_choice` that is not among the `tools`."),
    "chat.unsupported": (400, "Something that this server, or its model, does not offer; the message names it."),
    "llm.refused": (400, "A schema or a tool that the model's engine cannot work with."),
    "llm.context": (400, "A last message that is longer than the model can read."),
    "llm.unavailable": (503, "The language model does not answer."),
    "speech.empty": (400, "No words to say."),
    "speech.too_long": (400, "More characters than VISAVIS_API_SPEECH."),
    "speech.voice": (400, "A voice that is not here; the message lists those there are."),
    "transcription.form": (400, "A field of the form that cannot be read; the message names it."),
    "transcription.language": (400, "A language that is not heard here."),
    "transcription.unsupported": (400, "`logprobs`."),
    "translation.unsupported": (400, "Every translation: recordings are written down in their own language."),
    "embeddings.dimensions": (400, "More dimensions than the model has."),
    "embeddings.empty": (400, "No text."),
    "embeddings.tokens": (400, "Tokens instead of text."),
    "embeddings.too_many": (400, "More texts than VISAVIS_API_TEXTS."),
    "model.unknown": (404, "`GET /v1/models/…` of something that is not here."),
    "server.busy": (429, "More requests than VISAVIS_API_AT_ONCE and VISAVIS_API_QUEUE."),
    "server.loading": (503, "The models are still loading."),
}
"""Codes with their HTTP status and when they come; `docs/http.md` has those of uploads and recordings."""

_BEGIN: Final = """The stock `openai` clients work with `base_url` set to this server's `/v1`; `tests/clients/`
has a script in Python and one in JavaScript that touch every route. Errors are shaped like OpenAI's, codes are stable.

```python
from openai import OpenAI

client = OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="none")
client.chat.completions.create(model="genevieve", messages=[{"role": "user", "content": "I want to learn Python"}])
client.audio.speech.create(model="tts-1", voice="alloy", input="Nice to see you.").write_to_file("hello.mp3")
client.audio.transcriptions.create(model="whisper-1", file=open("hello.mp3", "rb")).text
client.embeddings.create(model="any", input="hello").data[0].embedding
```

Requests share the engines with conversations: `VISAVIS_API_AT_ONCE` of a kind work at a time, others wait, and beyond
`VISAVIS_API_QUEUE` they are refused with `server.busy`. Answers are made as fast as the engine can, whoever reads them;
one who leaves stops the work, one who takes nothing for `VISAVIS_API_PATIENCE` seconds is left."""

_PARTS: Final[tuple[tuple[str, type[BaseModel], str], ...]] = (
    (
        "POST /v1/chat/completions",
        ChatBody,
        "A persona answers by its own instructions, flow and knowledge, from the whole chat; system messages of the "
        "caller are left out. What it shows beside its words (`recommendations`, `citations`) stands under `visavis` "
        "in the answer, or in a chunk of its own. Any other name means the language model itself. JSON schemas hold "
        "the model to their form; tools are passed to it and its calls come back. Of a chat that is longer than the "
        "model's context the oldest messages are left out. A stream that fails ends with a chunk `error`.",
    ),
    (
        "POST /v1/audio/speech",
        SpeechBody,
        "The file is sent while it is spoken, sentence by sentence, at 24 kHz. A voice speaks 0.5 to 2 times as fast "
        "by itself; beyond that its sound is stretched. `visavis.speech.timeline` events hold `phonemes` as [symbol, "
        "start, end, stress] and `words` as [text, start, end, offset], times in seconds; sound then has its `start`, "
        "and `final` at the end. Usage counts characters, and 20 ms of sound.",
    ),
    (
        "POST /v1/audio/transcriptions",
        TranscriptionForm,
        "A form with a `file`: WAV, MP3, Ogg, M4A, FLAC, WebM, told by its content, and gone when it is heard. "
        "`verbose_json` has `words` and `segments` as `timestamp_granularities[]` asks, `confidence` and `passes`; "
        "segments are sentences. Silence gives no text and no error. Long recordings are heard in pieces of up to "
        "28 s, so that conversations come between; `stream` sends each as it is heard.",
    ),
    (
        "POST /v1/embeddings",
        EmbeddingsBody,
        "Vectors have length 1. `dimensions` keeps the first so many and brings them to length 1 again. Usage counts "
        "characters.",
    ),
)


def openai_page(note: str) -> str:
    """`docs/openai.md`."""
    return "\n".join(_lines(note)) + "\n"


def _lines(note: str) -> Iterator[str]:
    yield from ("# OpenAI-shaped routes", "", note, "", _BEGIN)
    for title, model, text in _PARTS:
        yield from ("", f"## `{title}`", "", " ".join((inspect.getdoc(model) or "").split()), "", text, "")
        yield from ("| field | type | default |", "|---|---|---|")
        yield from _fields(model)
    yield from ("", "## Refusals", "", "| code | status | when |", "|---|---|---|")
    yield from (f"| `{code}` | {status} | {when} |" for code, (status, when) in REFUSALS.items())


def _fields(model: type[BaseModel]) -> Iterator[str]:
    for name, told in model.model_json_schema()["properties"].items():
        default = told.get("default")
        shown = "" if default in (None, "", []) else f"`{str(default).lower() if default is False else default}`"
        yield f"| `{name}` | {_type(told)} | {shown} |"


def _type(told: Mapping[str, Any]) -> str:
    if "enum" in told:
        return ", ".join(f"`{one}`" for one in told["enum"])
    if "anyOf" in told:
        return " or ".join(dict.fromkeys(_type(one) for one in told["anyOf"] if one.get("type") != "null"))
    if told.get("type") == "array":
        return f"list of {_type(told.get('items', {}))}"
    return str(told.get("type") or "object")
