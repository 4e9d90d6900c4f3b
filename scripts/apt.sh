#!/bin/sh
# Installs Debian packages as root; package lists older than the mirror are fetched once and tried again.
set -u
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1; }
install "$@" && exit 0
apt-get update -q >/dev/null 2>&1
install "$@" && exit 0
printf 'apt-get could not install: %s\n' "$*" >&2
exit 1
