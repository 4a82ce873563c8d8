"""Builds the page into the wheel; a wheel without its page is not made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `npm ci` and `npm run build` in web/ before a wheel is packed (not for editable installs)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds when the page is not there yet; raises RuntimeError when that fails."""
        page = Path(self.root) / "src/visavis/server/static/index.html"
        if version == "editable" or page.exists():
            return
        node = [sys.executable, str(Path(self.root) / "scripts/node.py"), "npm"]
        for step in (["ci"], ["run", "build"]):
            subprocess.run([*node, *step], cwd=Path(self.root) / "web", check=True)
        if not page.exists():
            raise RuntimeError("The page was not built: web/ gave no index.html")
