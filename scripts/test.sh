#!/bin/sh
# `npm test`: sets everything up on a machine that has only Node, npm and root, then lints, checks types and tests.
set -eu
cd -P -- "$(dirname -- "$0")/.."

say() { printf '%s\n' "$*" >&2; }

missing=
if command -v dpkg-query >/dev/null 2>&1; then
  for package in $(sed 's/#.*//' test/requirements.apt); do
    # shellcheck disable=SC2016 # dpkg-query's own format string
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || :)
    [ "$status" = installed ] || missing="$missing $package"
  done
fi
if [ -n "$missing" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    say "These Debian packages are missing:$missing"
    say "Install them first: sudo apt-get install$missing"
    exit 1
  fi
  say "installing Debian packages:$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # one word for each package
  apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 || {
    apt-get update -qq >&2
    apt-get install -y -qq --no-install-recommends $missing >&2
  }
fi

sh scripts/setup.sh
export PATH="$PWD/node_modules/.bin:$PATH"

status=0
biome check . || status=1
tsc --noEmit -p . || status=1
vitest run "$@" || status=1
exit $status
