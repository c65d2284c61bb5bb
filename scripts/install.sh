#!/bin/sh
# Installs the npm packages that the lock file names, and builds the loader stub. Two at once wait for each other.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"
command -v npm >/dev/null || { echo 'unmoor: npm is needed for the first start; install Node.js with npm' >&2; exit 1; }
command -v gcc >/dev/null || { echo 'unmoor: gcc is needed to build the loader stub' >&2; exit 1; }

lock=$root/.install-lock
while ! mkdir "$lock" 2>/dev/null; do
  owner=$(cat "$lock/pid" 2>/dev/null || :)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$lock"; continue; fi
  sleep 1
done
echo $$ > "$lock/pid"
trap 'rm -rf "$lock"' EXIT
trap 'exit 130' INT TERM

stamp=$root/node_modules/.unmoor-installed
if [ ! -x node_modules/.bin/node ] || [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
  echo 'unmoor: installing npm packages (only the first time)' >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch "$stamp"
fi
if [ ! -e stub/build/stub-x86_64.bin ] || [ -n "$(find stub -maxdepth 1 -newer stub/build/stub-x86_64.bin -type f)" ]; then
  node_modules/.bin/node stub/build.ts
fi
