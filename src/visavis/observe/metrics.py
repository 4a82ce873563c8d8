"""What Prometheus is told: sessions, turns and their times."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from visavis.core.events import AmbientMotion, AudioDelta, Event, Notice, PlayoutCleared, ResponseDone, TimingsMeasured

_BUCKETS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.2, 1.6, 2.0, 2.5, 3.5, 5.0, 8.0)
_LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 2.0)
_STAGES = ("endpoint", "transcript", "first_token", "first_audio", "first_motion", "done")


class Metrics:
    """Counts beside the pipeline; `observe` is called with every event of every session."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.sessions = Gauge("visavis_sessions", "Conversations going on", registry=self.registry)
        self.queue = Gauge("visavis_queue", "People waiting for a place", registry=self.registry)
        self.turns = Gauge("visavis_turns", "Turns being made", registry=self.registry)
        self.turns_waiting = Gauge("visavis_turns_waiting", "Finished people whose turn waits", registry=self.registry)
        self.loop_lag = Histogram(
            "visavis_loop_lag_seconds", "How late the event loop wakes", buckets=_LAGS, registry=self.registry
        )
        self._responses = Counter("visavis_responses", "Answers by how they ended", ["status"], registry=self.registry)
        self._interruptions = Counter("visavis_interruptions", "Answers the person cut into", registry=self.registry)
        self._notices = Counter("visavis_notices", "Notices by code", ["code"], registry=self.registry)
        self._engines = Gauge(
            "visavis_engine_up", "Whether an engine can be used", ["kind", "name"], registry=self.registry
        )
        self._audio = Counter("visavis_audio_seconds", "Seconds of speech sent", registry=self.registry)
        self._tokens = Counter("visavis_tokens", "Tokens generated", registry=self.registry)
        self._stages = Histogram(
            "visavis_turn_seconds",
            "Seconds from the last voiced sample to each stage",
            ["stage"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def engine(self, kind: str, name: str, *, up: bool) -> None:
        """Says whether an engine can be used now."""
        self._engines.labels(kind, name).set(up)

    def observe(self, event: Event) -> None:
        """Counts what the event says."""
        match event:
            case AmbientMotion():
                pass
            case AudioDelta():
                self._audio.inc(event.audio.duration)
            case ResponseDone():
                self._responses.labels(event.status).inc()
                self._tokens.inc(event.tokens)
            case PlayoutCleared():
                self._interruptions.inc()
            case Notice():
                self._notices.labels(event.code).inc()
            case TimingsMeasured():
                for stage in _STAGES:
                    value = getattr(event.timings, stage)
                    if value is not None:
                        self._stages.labels(stage).observe(max(0.0, value / 1000))
