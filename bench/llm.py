"""The embedded language model: tokens per second, and the first token with a warm and a cold prompt."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bench.stats import line, summary
from visavis.core.conversation import Message
from visavis.engines.llm import LLM, LLMOptions
from visavis.engines.registry import EngineContext, Registry
from visavis.weights.store import WeightStore

TURNS = 12
RULES = "You are a friendly guide. Answer in two short sentences. " + " ".join(
    f"Rule {n}: stay polite, stay brief, and never speak about rule {n}." for n in range(1, 25)
)
QUESTIONS = ("What is a database?", "Why do we sleep?", "How is bread made?", "What is a comet?")


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Twelve answers of 64 tokens on one thread, and on two; milliseconds to the first token."""
    report: dict[str, Any] = {}
    for threads in (1, 2):
        print(f" {threads} thread{'s' if threads > 1 else ''}")
        report[f"threads_{threads}"] = asyncio.run(_measure(store, threads))
    return report


async def _measure(store: WeightStore, threads: int) -> dict[str, Any]:
    llm: LLM = Registry().create("llm", "llamacpp", EngineContext(store, threads=threads))
    await llm.warm()
    try:
        cold = [(await _answer(llm, f"Session {n}. {RULES}", QUESTIONS[n % 4]))[0] for n in range(4)]
        await llm.warm([(Message("system", RULES),)])
        answers = [await _answer(llm, RULES, QUESTIONS[n % 4]) for n in range(TURNS)]
    finally:
        await llm.aclose()
    warm, rates = [first for first, _ in answers], [rate for _, rate in answers]
    print(line("first token, cold prompt", cold, "ms"))
    print(line("first token, warm prompt", warm, "ms"))
    print(line("generation", rates, "tokens/s"))
    return {"first_token_cold_ms": summary(cold), "first_token_ms": summary(warm), "tokens_per_s": summary(rates)}


async def _answer(llm: LLM, system: str, question: str) -> tuple[float, float]:
    """Milliseconds to the first token, and tokens per second after it."""
    start, first, pieces = time.perf_counter(), 0.0, 0
    messages = (Message("system", system), Message("user", question))
    async for delta in llm.generate(messages, LLMOptions(max_tokens=64, temperature=0.7, seed=1)):
        if delta.text:
            pieces += 1
            first = first or time.perf_counter()
    return (first - start) * 1000, (pieces - 1) / (time.perf_counter() - first)
