# What a derivation starts: attributes first, then the phases.
if [ -e "${NIX_ATTRS_SH_FILE-.attrs.sh}" ]; then . "${NIX_ATTRS_SH_FILE-.attrs.sh}"; fi
source "$stdenv"
genericBuild
