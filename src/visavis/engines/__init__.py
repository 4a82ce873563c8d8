"""Engines: STT, TTS, LLM, VAD, turn detector, embedder. Each a Protocol, found through entry points."""
