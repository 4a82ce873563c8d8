"""Types, state machines and codecs: pure. No I/O, no clock, no asyncio."""
