"""What `POST /v1/chat/completions` takes, and what it means to an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from visavis.core.conversation import Message, ToolCall
from visavis.core.errors import VisavisError
from visavis.engines.llm import LLMOptions
from visavis.server.openai.json_schema import checked

_ANY_OBJECT: Mapping[str, Any] = {"type": "object"}


class _Body(BaseModel):
    """Clients send more than a server knows: what is not named is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ContentPart(_Body):
    """A piece of a message: `text`, or a `refusal` of an earlier answer."""

    type: str = Field(max_length=64)
    text: str = ""
    refusal: str = ""


class CalledFunction(_Body):
    """The function that an earlier answer called, its arguments as JSON text."""

    name: str = Field(max_length=256)
    arguments: str = ""


class CalledTool(_Body):
    """A call in an earlier answer."""

    id: str = Field(max_length=256)
    type: Literal["function"] = "function"
    function: CalledFunction


class ChatMessage(_Body):
    """One message; `developer` is another word for `system`. A `tool` answers the call `tool_call_id`."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[ContentPart] | None = None
    tool_calls: list[CalledTool] | None = Field(default=None, max_length=128)
    tool_call_id: str | None = Field(default=None, max_length=256)

    def message(self) -> Message:
        """As engines take it. Raises VisavisError `chat.content`."""
        calls = tuple(ToolCall(one.id, one.function.name, one.function.arguments) for one in self.tool_calls or ())
        role: Literal["system", "user", "assistant", "tool"] = "system" if self.role == "developer" else self.role
        return Message(role, self.text(), calls=calls, call_id=self.tool_call_id or "")

    def text(self) -> str:
        """All of its text. Raises VisavisError `chat.content`."""
        if not isinstance(self.content, list):
            return self.content or ""
        for part in self.content:
            if part.type not in {"text", "refusal"}:
                raise VisavisError(
                    "chat.content",
                    f"Chats are text: this server cannot take '{part.type}' (send recordings to "
                    "/v1/audio/transcriptions first).",
                )
        return "\n".join(part.text or part.refusal for part in self.content)


class FunctionTool(_Body):
    """A function that the model may call; `parameters` is a JSON schema."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[a-zA-Z0-9_.-]+$")
    description: str | None = Field(default=None, max_length=4096)
    parameters: dict[str, Any] | None = None


class ChatTool(_Body):
    """A tool; there are only functions."""

    type: Literal["function"]
    function: FunctionTool

    def plain(self) -> Mapping[str, Any]:
        """As it goes to the engine. Raises VisavisError `chat.schema`."""
        parameters = checked(self.function.parameters or {"type": "object", "properties": {}})
        described = {"description": self.function.description} if self.function.description else {}
        return {"type": "function", "function": {"name": self.function.name, **described, "parameters": parameters}}


class NamedFunction(_Body):
    """A function by its name."""

    name: str = Field(max_length=64)


class NamedTool(_Body):
    """The tool that must be called."""

    type: Literal["function"]
    function: NamedFunction


class SchemaFormat(_Body):
    """A JSON schema with a name."""

    name: str = Field(default="answer", max_length=64)
    schema_: dict[str, Any] = Field(default_factory=lambda: dict(_ANY_OBJECT), alias="schema")


class ResponseFormat(_Body):
    """`text`, `json_object`, or `json_schema` with the schema that the answer is held to."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: SchemaFormat | None = None

    def held_to(self) -> Mapping[str, Any] | None:
        """What the answer is held to, if anything. Raises VisavisError `chat.schema`."""
        if self.type == "text":
            return None
        if self.type == "json_object":
            return _ANY_OBJECT
        if self.json_schema is None:
            raise VisavisError("chat.schema", "`response_format` of type `json_schema` needs a `json_schema`.")
        return checked(self.json_schema.schema_)


class StreamOptions(_Body):
    """`include_usage`: one more piece at the end, with the usage and no choices."""

    include_usage: bool | None = None


class ChatBody(_Body):
    """A chat. `model` is a persona (`GET /v1/models` lists them), or anything else for the language model itself."""

    messages: list[ChatMessage] = Field(min_length=1, max_length=1024)
    model: str | None = Field(default=None, max_length=256)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_completion_tokens: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    n: int | None = Field(default=None, ge=1, le=8)
    stop: Annotated[str, Field(max_length=256)] | list[Annotated[str, Field(max_length=256)]] | None = None
    seed: int | None = None
    response_format: ResponseFormat | None = None
    tools: list[ChatTool] | None = Field(default=None, max_length=128)
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    parallel_tool_calls: bool | None = None
    logprobs: bool | None = None
    logit_bias: dict[str, float] | None = None
    functions: list[dict[str, Any]] | None = None
    modalities: list[str] | None = None

    def prompt(self) -> tuple[Message, ...]:
        """The messages. Raises VisavisError `chat.content`."""
        return tuple(message.message() for message in self.messages)

    def options(self, longest: int) -> LLMOptions:
        """Limits and wishes, at most `longest` tokens. Raises VisavisError `chat.schema`, `chat.unsupported`."""
        self._require_supported()
        chosen = self.tool_choice if not isinstance(self.tool_choice, NamedTool) else self.tool_choice.function.name
        tools = () if chosen == "none" else tuple(tool.plain() for tool in self.tools or ())
        named = {tool["function"]["name"] for tool in tools}
        if isinstance(self.tool_choice, NamedTool) and chosen not in named:
            raise VisavisError("chat.tool", "`tool_choice` names a function that is not among the `tools`.")
        defaults = LLMOptions()
        return LLMOptions(
            max_tokens=min(self.max_completion_tokens or self.max_tokens or longest, longest),
            temperature=defaults.temperature if self.temperature is None else self.temperature,
            stop=self._stop(),
            seed=None if self.seed is None else self.seed % 2**31,
            json_schema=self.response_format.held_to() if self.response_format else None,
            top_p=self.top_p,
            presence_penalty=self.presence_penalty,
            frequency_penalty=self.frequency_penalty,
            tools=tools,
            tool_choice=chosen or "auto",
            parallel_tool_calls=self.parallel_tool_calls is not False,
        )

    @property
    def wants_usage(self) -> bool:
        """Whether a stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)

    @property
    def wishes(self) -> frozenset[str]:
        """The options of a generation that the caller has given a value."""
        names = ("temperature", "top_p", "seed", "presence_penalty", "frequency_penalty")
        return frozenset(name for name in names if getattr(self, name) is not None)

    def _stop(self) -> tuple[str, ...]:
        words = [self.stop] if isinstance(self.stop, str) else self.stop or []
        if len(words) > 16:
            raise VisavisError("chat.unsupported", "At most 16 `stop` strings can be watched for; send fewer.")
        return tuple(word for word in words if word)

    def _require_supported(self) -> None:
        asked = {
            "logprobs": self.logprobs,
            "logit_bias": self.logit_bias,
            "functions": self.functions,
            "modalities": self.modalities and "audio" in self.modalities,
        }
        for name, wanted in asked.items():
            if wanted:
                instead = "use `tools`" if name == "functions" else "leave it out"
                raise VisavisError("chat.unsupported", f"This server does not offer `{name}`; {instead}.")
