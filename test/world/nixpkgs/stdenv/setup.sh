# shellcheck shell=bash
# Phases, hooks and fixups, named and ordered as in nixpkgs' pkgs/stdenv/generic/setup.sh.
set -eu
shopt -s nullglob
export PATH=/usr/bin:/bin HOME=/homeless-shelter LC_ALL=C SOURCE_DATE_EPOCH=1 TZ=UTC TMPDIR=${NIX_BUILD_TOP:-$TMPDIR}
export NIX_STORE CC=cc CFLAGS='-O1 -g0'
unset LD_LIBRARY_PATH
initialDirectory=$PWD
declare -a preFixupHooks=() fixupOutputHooks=() postFixupHooks=() preFixupPhases=()

getAllOutputNames() {
    if isStructured; then echo "${!outputs[*]}"; else echo "$outputs"; fi
}
isStructured() { [[ "$(declare -p outputs 2>/dev/null)" = 'declare -A'* ]]; }
# With structured attributes each output is an entry of an array; hooks use a variable for each all the same.
if isStructured; then
    for name in "${!outputs[@]}"; do export "$name=${outputs[$name]}"; done
fi

# The implicit hook (a variable or a function of that name), then those that setup hooks have added.
runHook() {
    local name=$1 hook
    local -n hooks="${name%Hook}Hooks" 2>/dev/null || true
    if declare -F "$name" >/dev/null; then "$name"; elif [ -n "${!name-}" ]; then eval "${!name}"; fi
    if declare -p "${name}Hooks" >/dev/null 2>&1; then
        local -n list=${name}Hooks
        for hook in "${list[@]}"; do eval "$hook"; done
    fi
}

inputList() { if isStructured; then local -n list=$1; echo "${list[*]-}"; else echo "${!1-}"; fi; }
export inputs="$(inputList buildInputs) $(inputList nativeBuildInputs)"
PATH=$cc/bin:$PATH
for input in $(inputList nativeBuildInputs) $(inputList buildInputs); do
    PATH=$input/bin:$PATH
    if [ -e "$input/nix-support/setup-hook" ]; then source "$input/nix-support/setup-hook"; fi
done

isELF() { [ "$(head -c 4 "$1" | tr -d '\0')" = $'\x7fELF' ]; }

patchShebangsAuto() {
    local file first interpreter rest name input
    find "$prefix" -type f -perm -0100 | while read -r file; do
        IFS= read -r first <"$file" 2>/dev/null || continue
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
        for input in $inputs; do
            if [ -x "$input/bin/$name" ]; then
                sed -i "1s|.*|#!$input/bin/$name$rest|" "$file"
                break
            fi
        done
    done
}
patchELF() {
    if [ -n "${dontPatchELF-}" ]; then return 0; fi
    find "$prefix" -type f | while read -r file; do
        if isELF "$file"; then patchelf --shrink-rpath "$file" 2>/dev/null || :; fi
    done
}
_doStrip() {
    if [ -n "${dontStrip-}" ]; then return 0; fi
    find "$prefix" -type f | while read -r file; do
        if isELF "$file"; then strip --strip-debug "$file" 2>/dev/null || :; fi
    done
}
# Debug symbols go to an output of their own before they are stripped (separate-debug-info.sh).
_separateDebugInfo() {
    if [ -z "${separateDebugInfo-}" ] || [ -z "${debug-}" ] || [ "$prefix" = "$debug" ]; then return 0; fi
    mkdir -p "$debug/lib/debug"
    find "$prefix" -type f | while read -r file; do
        if isELF "$file"; then objcopy --only-keep-debug "$file" "$debug/lib/debug/${file##*/}.debug"; fi
    done
}
fixupOutputHooks=(_separateDebugInfo patchShebangsAuto patchELF _doStrip)

unpackPhase() {
    if [ -z "${src-}" ]; then return 0; fi
    if [ -d "$src" ]; then
        cp -r "$src" source
    else
        mkdir source
        tar -xf "$src" -C source --strip-components=1
    fi
    chmod -R u+w source
    cd source
}
patchPhase() { :; }
configurePhase() { if [ -z "${dontConfigure-}" ] && [ -x ./configure ]; then ./configure --prefix="$out" ${configureFlags-}; fi; }
buildPhase() { if [ -e Makefile ]; then make -j2 ${makeFlags-}; fi; }
installPhase() { if [ -e Makefile ]; then make install ${makeFlags-}; fi; }
fixupPhase() {
    local output hook
    for output in $(getAllOutputNames); do if [ -e "${!output}" ]; then chmod -R u+w "${!output}"; fi; done
    runHook preFixup
    for output in $(getAllOutputNames); do
        prefix=${!output}
        if [ ! -d "$prefix" ]; then continue; fi
        for hook in "${fixupOutputHooks[@]}"; do eval "$hook"; done
    done
    runHook postFixup
}

runPhase() {
    echo "== $1"
    # An attribute of the phase's name replaces the function.
    if [ -n "${!1-}" ]; then eval "${!1}"; else "$1"; fi
}

genericBuild() {
    cd "$TMPDIR"
    export HOME=$TMPDIR
    if [ -n "${buildCommand-}" ]; then
        eval "$buildCommand"
        return
    fi
    for phase in unpackPhase patchPhase configurePhase buildPhase installPhase fixupPhase; do
        case $phase in fixupPhase) if [ -n "${dontFixup-}" ]; then continue; fi ;; esac
        runPhase "$phase"
    done
}
