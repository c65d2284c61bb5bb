# The generic builder: phases, and the fixups that nixpkgs makes after an installation. Named as in nixpkgs'
# stdenv/generic/setup.sh, so that package files read the same.
set -eu
export PATH=$cc/bin:/usr/bin:/bin HOME=$TMPDIR LC_ALL=C SOURCE_DATE_EPOCH=1 TZ=UTC
export CFLAGS="${CFLAGS:--O1 -g0}" CXXFLAGS="${CXXFLAGS:--O1 -g0}"
unset LD_LIBRARY_PATH

runPhase() {
  echo "== $1"
  if [ -n "${!1-}" ]; then eval "${!1}"; else "default_$1"; fi
}

default_unpackPhase() {
  [ -n "${src-}" ] || return 0
  mkdir source
  tar -xf "$src" -C source --strip-components=1
  cd source
}
default_patchPhase() { :; }
default_configurePhase() {
  if [ -x ./configure ]; then ./configure --prefix="$out" ${configureFlags-}; fi
}
default_buildPhase() { make -j"${NIX_BUILD_CORES:-2}" ${makeFlags-}; }
default_installPhase() { make install ${makeFlags-}; }

# Interpreters of scripts become store paths, as patch-shebangs.sh does: those of the inputs, by name.
patchShebangs() {
  local file first interpreter rest name found input
  find "$out" -type f -perm -0100 | while read -r file; do
    IFS= read -r first < "$file" 2>/dev/null || continue
    case $first in '#!'*) ;; *) continue ;; esac
    first=${first#'#!'}
    first=${first# }
    interpreter=${first%% *}
    rest=${first#"$interpreter"}
    case $interpreter in
      "$NIX_STORE"/*) continue ;;
      */env)
        rest=${rest# }
        name=${rest%% *}
        rest=${rest#"$name"}
        ;;
      *) name=${interpreter##*/} ;;
    esac
    found=
    for input in "$out" $inputs; do
      if [ -x "$input/bin/$name" ]; then found=$input/bin/$name; break; fi
    done
    if [ -z "$found" ]; then echo "patchShebangs: no $name for $file" >&2; continue; fi
    echo "$file: interpreter directive changed to $found"
    chmod u+w "$file"
    sed -i "1s|.*|#!$found$rest|" "$file"
  done
}

isElf() { [ "$(head -c 4 "$1" | tr -d '\0')" = $'\x7fELF' ]; }

default_fixupPhase() {
  find "$out" -type f | while read -r file; do
    if isElf "$file"; then
      chmod u+w "$file"
      if [ -z "${dontStrip-}" ]; then strip --strip-debug "$file" 2>/dev/null || :; fi
      if [ -z "${dontPatchELF-}" ]; then patchelf --shrink-rpath "$file" 2>/dev/null || :; fi
    fi
  done
  [ -n "${dontPatchShebangs-}" ] || patchShebangs
  rm -rf "$out/share/info" "$out/share/doc"
}

cd "$TMPDIR"
for phase in unpackPhase patchPhase configurePhase buildPhase installPhase fixupPhase; do runPhase "$phase"; done
