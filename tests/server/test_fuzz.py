"""A short slice of what `make bench BENCH=fuzz` does at length: whatever is sent, the server answers and goes on."""

from __future__ import annotations

import asyncio
import json
import warnings
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench.fuzzing.messages import REALTIME, messages, realtime_events
from bench.fuzzing.sockets import DOORS, Fuzzed
from tests.server.serving import serving
from visavis.core.endpointing import Endpointing
from visavis.core.errors import VisavisError
from visavis.core.session import SessionOptions
from visavis.server.client_events import AnyClientEvent, decoded, to_commands, validated
from visavis.server.problems import error_event
from visavis.server.session_config import SessionConfig


def short(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def strict(wire: dict[str, Any]) -> bytes:
    """What a browser can read: no `NaN`, no half characters."""
    return json.dumps(wire, ensure_ascii=False, allow_nan=False).encode()


def test_the_strategies_know_every_client_event() -> None:
    models = get_args(get_args(AnyClientEvent)[0])
    assert set(REALTIME) == {get_args(model.model_fields["type"].annotation)[0] for model in models}


def test_any_message_is_a_command_or_an_error_with_a_code() -> None:
    config = SessionConfig(SessionOptions(), Endpointing())

    @short(120)
    @given(messages(realtime_events()))
    def play(message: str | bytes) -> None:
        if isinstance(message, bytes):
            return
        message.encode()  # or a client could not send it
        try:
            to_commands(validated(decoded(message, 100_000)), config)
        except VisavisError as error:
            strict(error_event(error.code, error.message, getattr(error, "event_id", None)))
        strict(config.wire("sess_1", "open", "voice"))

    play()


@pytest.mark.parametrize(
    "message",
    [
        '{"type": "\\ud800"}',
        '{"type": "response.cancel", "event_id": "\\udfff"}',
        '{"type": "conversation.item.retrieve", "item_id": "\\ud800"}',
        '{"type": "visavis.playback", "item_id": "i", "audio_end_ms": Infinity}',
        '{"type": "visavis.playback", "item_id": "i", "audio_end_ms": 1e308}',
        '{"type": "conversation.item.truncate", "item_id": "i", "audio_end_ms": 1' + "0" * 400 + "}",
        '{"type": "session.update", "session": {"audio": {"input": {"transcription": {"model": NaN}}}}}',
        '{"type": "session.update", "session": {"audio": {"input": {"transcription": {"model": "\\ud800"}}}}}',
        '{"type": "no' + "\\u0000" * 10 + '"}',
    ],
)
def test_numbers_and_characters_that_json_has_and_browsers_have_not(message: str) -> None:
    config = SessionConfig(SessionOptions(), Endpointing())
    try:
        to_commands(validated(decoded(message, 100_000)), config)
    except VisavisError as error:
        strict(error_event(error.code, error.message, getattr(error, "event_id", None)))
    strict(config.wire("sess_1", "open", "voice"))


@pytest.mark.parametrize("name", DOORS)
async def test_any_messages_leave_the_conversation_going(name: str) -> None:
    door = DOORS[name]

    def play(address: str) -> None:
        with Fuzzed(address, door) as fuzzed:

            @short(10)
            @given(st.lists(door.sent, min_size=8, max_size=8))
            def batch(several: list[str | bytes]) -> None:
                fuzzed.send(several)

            batch()

    async with serving() as server:
        await asyncio.to_thread(play, server.http.replace("http", "ws", 1))


async def test_any_request_is_answered_as_the_openapi_says() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library, while it is imported
        from bench.fuzzing.requests import Requests, load

        load()

    def play(address: str) -> None:
        requests = Requests(address)
        for operation in requests.operations:

            @short(2)
            @given(operation.as_strategy())
            def one(case: Any) -> None:
                requests.send(case)

            one()

    async with serving() as server:
        await asyncio.to_thread(play, server.http)
