"""The house's limits on files: none over 400 lines, no bags without a job, no plans, hosts or machine paths."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

LIMIT = 400
CODE = {".py", ".ts", ".tsx", ".css", ".glsl"}
BAGS = {"utils", "helpers", "common", "manager", "misc"}
FORBIDDEN = {
    "a plan left in code": re.compile(r"(?<!\")\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b"),
    "a registry's host name": re.compile(
        r"registry\.npm" + r"js|pypi\.org/sim" + r"ple|files\.python" + r"hosted|deb\.deb" + r"ian"
    ),
    "a path of one machine": re.compile(r"(^|[^a-z.\w])/(work|farm|root|home/[a-z]+)/"),
}
TEXT = CODE | {".md", ".toml", ".json", ".yml", ".yaml", ".sh", ".txt", ".html", ""}


def tracked() -> list[Path]:
    """The files git knows of or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in listing.splitlines() if Path(line).is_file()]


def problems(path: Path) -> list[str]:
    """What is wrong with one file, a sentence each."""
    found = []
    if path.suffix in CODE and path.stem in BAGS:
        found.append(f"{path}: '{path.stem}' names no job")
    if path.suffix not in TEXT:
        return found
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return found
    if path.suffix in CODE and len(lines) > LIMIT:
        found.append(f"{path}: {len(lines)} lines, {LIMIT} are allowed")
    for number, line in enumerate(lines, 1):
        found += [f"{path}:{number}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(line)]
    return found


def main() -> int:
    """Prints every problem; 1 when there is one."""
    found = [problem for path in tracked() for problem in problems(path)]
    print("\n".join(found) if found else "files: ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
