#!/bin/sh
# Installs Debian's Chromium for the browser tests, with the fonts that the Chinese page needs.
set -eu
if ! command -v apt-get >/dev/null; then
  echo "The browser tests need Chromium. Install it so that 'chromium' is on the PATH." >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "The browser tests need Chromium: as root, apt-get install chromium" >&2; exit 1; }
  sudo="sudo"
fi
echo "Installing Chromium …"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
