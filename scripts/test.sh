#!/bin/sh
# Everything that `npm test` stands for, on a machine with nothing but Node, npm, gcc and root.
#
# usage: npm test [-- ARGUMENTS OF VITEST]
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"

missing=
if command -v dpkg-query >/dev/null; then
  for package in $(sed 's/#.*//' test/requirements.apt); do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || :)
    [ "$state" = installed ] || missing="$missing $package"
  done
fi
if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "test: these packages are missing, and only root can install them:$missing" >&2
    exit 1
  fi
  echo "test: installing$missing" >&2
  apt-get update -q >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
fi

sh scripts/install.sh
PATH=$root/node_modules/.bin:$PATH
export PATH

# Everything runs, so that one complaint does not hide another.
status=0
biome check . || status=1
tsc --noEmit -p . || status=1
vitest run "$@" || status=1
exit $status
