#!/bin/sh
# Installs Debian's PostgreSQL for the tests of the store, which start a server of their own from it.
set -eu
if ! command -v apt-get >/dev/null; then
  echo "The tests of the store need PostgreSQL. Install it so that 'initdb' is on the PATH." >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "The tests of the store need PostgreSQL: as root, apt-get install postgresql" >&2; exit 1; }
  sudo="sudo"
fi
echo "Installing PostgreSQL …"
# Debian's package would make and start a server for the whole machine; nobody asked for one.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  $sudo mkdir -p /etc/postgresql-common
  echo "create_main_cluster = false" | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  -o Dpkg::Options::=--force-confold postgresql >/dev/null
