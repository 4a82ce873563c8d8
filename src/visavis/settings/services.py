"""Settings: services."""

from __future__ import annotations

from visavis.settings.source import FromEnvironment, WebAddress, variable


class ServiceSettings(FromEnvironment):
    """Engines that run elsewhere: `visavis serve --only …`, or any service with OpenAI's routes (docs/apart.md)."""

    stt_url: WebAddress = variable(
        "", "VISAVIS_STT_URL", description="Speech recognition service; it hears instead of Whisper."
    )
    stt_model: str = variable(
        "", "VISAVIS_STT_MODEL", description="Model to ask it for; empty takes the one it offers."
    )
    stt_api_key: str = variable("", "VISAVIS_STT_API_KEY", description="Key for it, if it wants one.", repr=False)
    llm_url: WebAddress = variable(
        "",
        "VISAVIS_LLM_URL",
        description="Language model service, asked for VISAVIS_LLM_MODEL; unlike OLLAMA_BASE_URL it may start later.",
    )
    tts_url: WebAddress = variable("", "VISAVIS_TTS_URL", description="Voice service; it speaks instead of Kokoro.")
    tts_model: str = variable(
        "", "VISAVIS_TTS_MODEL", description="Model to ask it for; empty takes the one it offers."
    )
    tts_voice: str = variable("", "VISAVIS_TTS_VOICE", description="Its voice; empty takes its usual one.")
    tts_api_key: str = variable("", "VISAVIS_TTS_API_KEY", description="Key for it, if it wants one.", repr=False)
    embedder_url: WebAddress = variable(
        "", "VISAVIS_EMBEDDER_URL", description="Embedding service; it embeds instead of e5."
    )
    embedder_model: str = variable(
        "", "VISAVIS_EMBEDDER_MODEL", description="Model to ask it for; empty takes the one it offers."
    )
    embedder_api_key: str = variable(
        "", "VISAVIS_EMBEDDER_API_KEY", description="Key for it, if it wants one.", repr=False
    )

    def of(self, kind: str) -> dict[str, str]:
        """What is set for the service of that kind of engine, by the option's name: empty when it has no address."""
        found = {name: str(getattr(self, f"{kind}_{name}", "")) for name in ("url", "model", "voice", "api_key")}
        named = {"base_url" if name == "url" else name: value for name, value in found.items() if value}
        return named if found["url"] else {}
