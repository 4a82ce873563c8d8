"""Touches every OpenAI-shaped route with the stock `openai` client, and prints what came back as JSON.

Usage: python every_route.py http://127.0.0.1:8000/v1 [persona]
"""

from __future__ import annotations

import base64
import io
import json
import sys
from typing import Any

from openai import BadRequestError, NotFoundError, OpenAI
from pydantic import BaseModel

SENTENCE = "Hello there, how are you today?"
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Person(BaseModel):
    """What the model fills in."""

    name: str
    age: int


def models(client: OpenAI) -> Any:
    """The list, one of it, and one that is not on it."""
    known = list(client.models.list())
    one = client.models.retrieve(known[0].id)
    try:
        client.models.retrieve("no/such-model")
    except NotFoundError as error:
        return {"ids": [model.id for model in known], "one": one.id, "unknown": error.code}
    raise AssertionError("a model that is not there was found")


def chat(client: OpenAI, persona: str) -> Any:
    """Whole and streamed, the model and a persona, two answers at once."""
    said: Any = [{"role": "user", "content": "Say hello."}]
    whole = client.chat.completions.create(model="any", messages=said, max_tokens=24, temperature=0, seed=1)
    streamed, usage, finish = "", None, None
    options: Any = {"include_usage": True}
    with client.chat.completions.create(
        model="any", messages=said, max_tokens=24, temperature=0, seed=1, stream=True, stream_options=options
    ) as stream:
        for chunk in stream:
            usage = chunk.usage or usage
            for choice in chunk.choices:
                streamed += choice.delta.content or ""
                finish = choice.finish_reason or finish
    twice = client.chat.completions.create(model="any", messages=said, max_tokens=8, n=2)
    theirs = client.chat.completions.create(model=persona, messages=said)
    with client.chat.completions.create(model=persona, messages=said, stream=True) as stream:
        piecewise = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    assert whole.usage and usage and finish
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens > 0
    return {
        "whole": whole.choices[0].message.content,
        "streamed": streamed,
        "finish": [whole.choices[0].finish_reason, finish],
        "tokens": [whole.usage.completion_tokens, usage.completion_tokens],
        "answers": len(twice.choices),
        "model": [whole.model, theirs.model],
        "persona": theirs.choices[0].message.content,
        "persona streamed": piecewise,
    }


def structured(client: OpenAI) -> Any:
    """A JSON schema, plain JSON, and a tool that is called and answered."""
    ask: Any = [{"role": "user", "content": "Bob is 42 years old. Give his name and age as JSON."}]
    parsed = client.chat.completions.parse(model="any", messages=ask, response_format=Person, max_tokens=64)
    plain = client.chat.completions.create(
        model="any", messages=ask, response_format={"type": "json_object"}, max_tokens=64
    )
    said: Any = [{"role": "user", "content": "What is the weather in Madrid?"}]
    chosen: Any = {"type": "function", "function": {"name": "get_weather"}}
    call = client.chat.completions.create(
        model="any", messages=said, tools=[WEATHER], tool_choice=chosen, max_tokens=64, temperature=0
    ).choices[0]
    assert call.message.tool_calls
    tool = call.message.tool_calls[0]
    streamed = {"name": "", "arguments": ""}
    with client.chat.completions.create(
        model="any", messages=said, tools=[WEATHER], tool_choice=chosen, max_tokens=64, temperature=0, stream=True
    ) as stream:
        for chunk in stream:
            for one in (chunk.choices[0].delta.tool_calls or ()) if chunk.choices else ():
                assert one.function
                streamed["name"] += one.function.name or ""
                streamed["arguments"] += one.function.arguments or ""
    assert tool.type == "function"
    result: Any = {"role": "tool", "tool_call_id": tool.id, "content": "Sunny and 25 degrees."}
    answered: Any = [*said, call.message.to_dict(), result]
    final = client.chat.completions.create(
        model="any", messages=answered, tools=[WEATHER], max_tokens=48, temperature=0
    )
    person = parsed.choices[0].message.parsed
    assert person is not None
    return {
        "person": person.model_dump(),
        "json": json.loads(plain.choices[0].message.content or ""),
        "finish": call.finish_reason,
        "call": [tool.function.name, json.loads(tool.function.arguments)],
        "streamed call": [streamed["name"], json.loads(streamed["arguments"])],
        "told": final.choices[0].message.content,
    }


def speech(client: OpenAI) -> Any:
    """Every format, streamed as it is made, and as events."""
    files: dict[str, bytes] = {}
    formats: tuple[Any, ...] = ("mp3", "opus", "aac", "flac", "wav", "pcm")
    for form in formats:
        with client.audio.speech.with_streaming_response.create(
            model="tts-1", voice="alloy", input=SENTENCE, response_format=form
        ) as response:
            files[form] = b"".join(response.iter_bytes())
    whole = client.audio.speech.create(model="tts-1", voice="alloy", input=SENTENCE, response_format="wav", speed=4.0)
    sound, kinds = b"", []
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input=SENTENCE, response_format="pcm", stream_format="sse"
    ) as response:
        for line in response.iter_lines():
            if line.startswith("data:"):
                event = json.loads(line[5:])
                kinds.append(event["type"])
                sound += base64.b64decode(event.get("audio", ""))
    return {
        "bytes": {form: len(data) for form, data in files.items()},
        "seconds": len(files["pcm"]) / 48_000,
        "quick": (len(whole.content) - 44) / 48_000,
        "events": sorted(set(kinds)),
        "same": abs(len(sound) - len(files["pcm"])) < 4800,
        "wav": files["wav"],
    }


def transcriptions(client: OpenAI, recording: bytes) -> Any:
    """Every format, and as events; translations are refused."""

    def heard(**options: Any) -> Any:
        return client.audio.transcriptions.create(model="whisper-1", file=("a.wav", io.BytesIO(recording)), **options)

    verbose = heard(response_format="verbose_json", timestamp_granularities=["word", "segment"], language="en")
    deltas, done = "", ""
    for event in heard(stream=True):
        deltas += getattr(event, "delta", "")
        done = getattr(event, "text", done)
    try:
        client.audio.translations.create(model="whisper-1", file=("a.wav", io.BytesIO(recording)))
        refused = None
    except BadRequestError as error:
        refused = error.code
    return {
        "json": heard().text,
        "text": heard(response_format="text"),
        "srt": heard(response_format="srt"),
        "vtt": heard(response_format="vtt"),
        "verbose": [verbose.text, verbose.language, verbose.duration],
        "words": [[word.word, word.start, word.end] for word in verbose.words],
        "segments": len(verbose.segments),
        "streamed": [deltas, done],
        "translation": refused,
    }


def embeddings(client: OpenAI) -> Any:
    """One text and several, as the client likes them (base64) and as numbers, and shortened."""
    texts = ["the cat sat on the mat", "a feline rested on a rug", "interest rates rose again"]
    packed = client.embeddings.create(model="any", input=texts)
    plain = client.embeddings.create(model="any", input=texts[0], encoding_format="float")
    short = client.embeddings.create(model="any", input=texts[0], dimensions=16)
    rows = [row.embedding for row in packed.data]
    near, far = (sum(a * b for a, b in zip(rows[0], row, strict=True)) for row in rows[1:])
    difference = max(abs(a - b) for a, b in zip(rows[0], plain.data[0].embedding, strict=True))
    return {
        "dimensions": [len(rows[0]), len(short.data[0].embedding)],
        "same": difference < 1e-5,
        "likeness": [round(near, 3), round(far, 3)],
        "usage": packed.usage.total_tokens,
    }


def main(base_url: str, persona: str) -> None:
    """Prints one object, route by route."""
    with OpenAI(api_key="none", base_url=base_url, max_retries=0, timeout=600) as client:
        found = {"models": models(client), "chat": chat(client, persona), "structured": structured(client)}
        found["speech"] = speech(client)
        found["transcriptions"] = transcriptions(client, found["speech"].pop("wav"))
        found["embeddings"] = embeddings(client)
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "open")
