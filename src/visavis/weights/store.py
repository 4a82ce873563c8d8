"""The weight store: verified model files on disk."""

from __future__ import annotations

from pathlib import Path


class WeightStore:
    """Model files under `root`, one folder a model id, each checked by SHA-256 before it gets there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, model: str, name: str) -> Path:
        """The path of one file of a pulled model. Raises VisavisError `weights.missing`."""
        raise NotImplementedError
