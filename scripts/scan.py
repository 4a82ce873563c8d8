"""Looks for secrets in the repository and for known weaknesses in what it depends on.

The secrets and the lock files are read here; the advisories are asked for over the network, and where that is not to be
had the script says so and goes on, unless `SCAN=strict`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

LOCKS = ("requirements.lock", "requirements-dev.lock")
NPM_LOCK = Path("web/package-lock.json")
UNREAD = re.compile(r"(\.lock|package-lock\.json|\.npy|\.png|\.jpe?g|\.webp|\.svg|\.woff2|\.pdf|\.docx)$")

DETECTORS = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector", "JwtTokenDetector",
    "MailchimpDetector", "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector",
    "SlackDetector", "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
"""Those that know a secret by its form; what only looks random is a hash or a fixture here."""

PLACEHOLDER = r"://(USER:PASSWORD|user:word|me:secret|u:p)@"
"""Addresses in pages and tests that show how a name and a password would stand in one."""

OWN_KEY = re.compile(r"sk-visavis-(?!x{43})[\w-]{43}")


def tracked() -> list[str]:
    """The files git knows of or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [name for name in listing.splitlines() if Path(name).is_file() and not UNREAD.search(name)]


def secrets_in(names: list[str]) -> Iterator[str]:
    """What looks like a secret, a sentence each; a line may say `pragma: allowlist secret`."""
    plugins = [{"name": name} for name in DETECTORS]
    filters = [
        {"path": "detect_secrets.filters.allowlist.is_line_allowlisted"},
        {"path": "detect_secrets.filters.regex.should_exclude_line", "pattern": [PLACEHOLDER]},
    ]
    with transient_settings({"plugins_used": plugins, "filters_used": filters}):
        for name in names:
            for found in scan_file(name):
                yield f"{name}:{found.line_number}: this looks like a secret ({found.type})"
            for number, line in enumerate(Path(name).read_text("utf-8", errors="replace").splitlines(), 1):
                if OWN_KEY.search(line):
                    yield f"{name}:{number}: this is a key of visavis"


def unpinned(text: str, name: str) -> Iterator[str]:
    """Packages of a lock file that are not held to a version and a hash, or do not come from a registry."""
    for entry in re.split(r"\n(?=\S)", text):
        package = entry.strip()
        if not package or package.startswith("#"):
            continue
        if "==" not in package.split(";", maxsplit=1)[0] or "--hash=sha256:" not in package:
            yield f"{name}: {package.splitlines()[0]} has no version and hash"


def unpinned_npm(lock: dict[str, dict[str, dict[str, str]]], name: str) -> Iterator[str]:
    """The same of npm's lock file."""
    for path, package in lock["packages"].items():
        if path and not package.get("link") and "integrity" not in package:
            yield f"{name}: {path} has no hash"


def advisories() -> tuple[list[str], str]:
    """Known weaknesses, and why they could not be asked for ("" when they could). One package is asked for first: a
    registry's mirror that knows of no advisories is not asked for hundreds."""
    found: list[str] = []
    for name in LOCKS:
        text = Path(name).read_text("utf-8")
        audit: dict[str, Any] = {}
        for part in (re.split(r"\n(?=\S)", text)[0] + "\n", text):
            audit = audited(part)
            if not audit or any("skip_reason" in package for package in audit["dependencies"]):
                return found, "no advisory service answers from here"
        for package in audit["dependencies"]:
            for one in package["vulns"]:
                fixed = ", ".join(one["fix_versions"]) or "nothing yet"
                found.append(f"{name}: {package['name']} {package['version']}: {one['id']}, mended in {fixed}")
    return found, ""


def audited(requirements: str) -> dict[str, Any]:
    """What pip-audit says of them; empty when it cannot say anything."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(requirements)
        file.flush()
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", file.name]
        options = ["--progress-spinner", "off", "--format", "json", "--timeout", "5"]
        try:
            run = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=300)
            audit: dict[str, Any] = json.loads(run.stdout)
        except (ValueError, subprocess.TimeoutExpired):
            return {}
    return audit


def main() -> int:
    """Prints every finding; 1 when there is one, or with `SCAN=strict` when not everything could be looked at."""
    found = list(secrets_in(tracked()))
    for name in LOCKS:
        found += unpinned(Path(name).read_text("utf-8"), name)
    found += unpinned_npm(json.loads(NPM_LOCK.read_text("utf-8")), str(NPM_LOCK))
    weak, unread = advisories()
    found += weak
    print("\n".join(found) if found else "scan: no secrets; every dependency is held to a version and a hash")
    if unread:
        print(f"scan: known weaknesses of dependencies were NOT looked up: {unread}")
    elif not weak:
        print("scan: no known weaknesses in the dependencies")
    return 1 if found or (unread and os.environ.get("SCAN") == "strict") else 0


if __name__ == "__main__":
    sys.exit(main())
