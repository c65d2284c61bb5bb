# shellcheck shell=bash
# Setup hook: rewrites the outputs of a derivation so that they work wherever their closure is moved.
#
# Runs at the end of fixup, after shebangs were patched, search paths shrunk, files stripped, and after the package's own
# postFixup, which is where wrappers are made (nixpkgs: pkgs/stdenv/generic/setup.sh, fixupPhase).
#
# relocatable          1: a run-time path that stays absolute fails the build; partial: it is recorded
# relocatableExclude   globs of files that stay as they are
# relocatableWrappers  launcher: wrappers of makeWrapper become small programs; text (the default): they stay scripts
# relocatableScripts   launcher: other scripts in bin are started by small programs, their text beside them
# dontRelocate         does nothing

relocateOutputs() {
    if [[ -n "${dontRelocate-}" ]]; then
        echo "relocatableHook: dontRelocate is set, nothing is rewritten"
        return 0
    fi

    local -a objects=() options=() globs=()
    local output path glob
    # getAllOutputNames knows of structured attributes, where outputs are an associative array.
    for output in $(getAllOutputNames); do
        path=${!output-}
        if [[ -n "$path" && -e "$path" ]]; then objects+=("$path"); fi
    done
    if [[ ${#objects[@]} = 0 ]]; then return 0; fi

    if [[ "$(declare -p relocatableExclude 2>/dev/null)" = 'declare -'*a* ]]; then
        globs=("${relocatableExclude[@]}")
    else
        read -ra globs <<<"${relocatableExclude-}" || :
    fi
    if [[ -n "${relocatableWrappers-}" ]]; then options+=(--wrappers "$relocatableWrappers"); fi
    if [[ -n "${relocatableScripts-}" ]]; then options+=(--scripts "$relocatableScripts"); fi
    for glob in "${globs[@]}"; do options+=(--exclude "$glob"); done

    local status=0
    echo "relocatableHook: rewriting ${objects[*]}"
    UNMOOR_STUB_DIR=@stub@ HOME=${TMPDIR:-/tmp} @unmoor@ rewrite --record "${options[@]}" "${objects[@]}" || status=$?
    case $status in
        0) ;;
        1)
            if [[ "${relocatable-}" = 1 ]]; then
                echo "relocatableHook: 'relocatable = true' means that no run-time path stays absolute: see the paths above" >&2
                echo "relocatableHook: mend the package, or set 'relocatable = \"partial\"' to record them and go on" >&2
                exit 1
            fi
            echo "relocatableHook: recorded in nix-support/relocatable.json"
            ;;
        *) exit "$status" ;;
    esac
}

postFixupHooks+=(relocateOutputs)
