#!/bin/sh
# Makes .venv, installs the given hash-locked requirements and the checkout itself.
set -eu
lock=$1
cd "$(dirname "$0")/.."
venv=.venv

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in python3.11 python3 python3.12 python3.13 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    say "Handlepligt needs Python 3.11 or newer, and none was found; install python3.11 and try again."
    exit 1
}

make_venv() {
    python=$(find_python)
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        # Debian keeps this part of Python in a package of its own.
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
            say "This Python cannot make environments; install $package (sudo apt-get install $package) and try again."
            exit 1
        fi
        say "Installing $package ..."
        scripts/apt.sh "$package"
    fi
    "$python" -m venv --clear "$venv"
}

# One package with its hashes, cut out of a lock.
locked() { awk -v name="$1==" 'index($0, name) == 1 { on = 1; print; next } /^[^ ]/ { on = 0 } on' "$2"; }

# uv installs in seconds what takes pip a minute. It does not read pip's settings, so the index and the
# certificates pip was told to use are handed on; when anything goes wrong, pip does the work itself.
use_uv() {
    pip_setting() { "$venv/bin/python" -m pip config list 2>/dev/null | sed -n "s/^[^=]*\.$1='\(.*\)'$/\1/p" | tail -n 1; }
    index=$(pip_setting index-url)
    certificates=$(pip_setting cert)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -z "$certificates" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificates}"
    export UV_NO_CONFIG=1 UV_HTTP_TIMEOUT=60 UV_LINK_MODE=copy
    [ -x "$venv/bin/uv" ] && return
    locked uv requirements-tools.lock >"$venv/uv.txt"
    "$venv/bin/python" -m pip install -qq --no-deps --require-hashes -r "$venv/uv.txt" 2>/dev/null
}

install_lock() {
    if use_uv && "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$lock"; then
        return
    fi
    say "Installing with pip instead, which takes a minute or two ..."
    "$venv/bin/python" -m pip install -qq --require-hashes -r "$lock"
}

say "Installing $lock ..."
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || make_venv
install_lock
"$venv/bin/python" hatch_build.py
"$venv/bin/python" -m pip install --quiet --no-index --no-build-isolation --no-deps -e .
# The development lock holds everything of the runtime lock, at the same versions.
touch "$venv/${lock%.lock}.installed" "$venv/requirements.installed"
