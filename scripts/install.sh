#!/bin/sh
# Makes a checkout ready to run: npm packages as the lock file says, and the loader stub. Quick when all is there.
# Speaks on standard error only. Several may run at once: one works, the others wait for it.
#
# usage: sh scripts/install.sh        (from anywhere)
set -eu
cd -P -- "$(dirname -- "$0")/.."

say() { printf 'unmoor: %s\n' "$*" >&2; }

stamp=node_modules/.unmoor-installed

packages_ready() {
  [ -x node_modules/.bin/tsc ] || return 1
  # Packages that somebody installed by hand carry no stamp; they are believed.
  [ ! -e "$stamp" ] || cmp -s package-lock.json "$stamp"
}

stub_ready() {
  [ -e stub/build/.built ] || return 1
  [ -z "$(find stub -maxdepth 1 -type f -newer stub/build/.built)" ] || return 1
  [ -e "stub/build/stub-$(uname -m).bin" ] || ! command -v gcc >/dev/null 2>&1
}

# The pinned Node, or the system's when that is new enough to run TypeScript by itself.
pick_node() {
  if node_modules/.bin/node --version >/dev/null 2>&1; then
    echo node_modules/.bin/node
  elif node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 18) ? 0 : 1)' 2>/dev/null; then
    command -v node
  else
    return 1
  fi
}

if packages_ready && stub_ready && pick_node >/dev/null; then
  # Tells the launcher that it need not ask again.
  touch stub/build/.built 2>/dev/null || :
  exit 0
fi

if command -v flock >/dev/null 2>&1; then
  exec 9>.install-lock
  flock -n 9 || { say 'another start is setting this checkout up, waiting for it'; flock 9; }
fi

if ! packages_ready; then
  command -v npm >/dev/null 2>&1 || {
    say "npm is missing: install Node.js and npm first (Debian: apt-get install npm)"
    exit 3
  }
  say 'installing npm packages (only this once)'
  npm ci --no-audit --no-fund --loglevel=error >&2 9>&- || {
    say "'npm ci' failed in $(pwd -P): see the messages above"
    exit 3
  }
  cp package-lock.json "$stamp"
fi

node=$(pick_node) || {
  say "no usable Node: the npm package 'node' did not install its program (were install scripts blocked?)"
  say "run 'npm rebuild node' in $(pwd -P), or install Node 22.18 or newer"
  exit 3
}

if ! stub_ready; then
  say 'building the loader stub'
  command -v gcc >/dev/null 2>&1 || say 'gcc is missing: ELF programs will be refused (Debian: apt-get install gcc)'
  # Time stamps before the build: what changes meanwhile is built again next time.
  mkdir -p stub/build
  touch stub/build/.building
  "$node" --disable-warning=ExperimentalWarning stub/build.ts >&2 9>&-
  mv stub/build/.building stub/build/.built
fi
