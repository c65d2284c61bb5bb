# shellcheck shell=bash
# wrapProgram PROGRAM [--set NAME VALUE] [--prefix NAME SEPARATOR VALUE]...: the form that nixpkgs' hook writes.
wrapProgram() {
    local program=$1 hidden="${1%/*}/.${1##*/}-wrapped"
    shift
    mv "$program" "$hidden"
    {
        echo "#! @shell@ -e"
        while [ $# -gt 0 ]; do
            case $1 in
                --set)
                    echo "export $2='$3'"
                    shift 3
                    ;;
                --prefix)
                    echo "$2=\${$2:+'$3'\$$2'$3'}"
                    echo "$2=\${$2/'$3''$4''$3'/'$3'}"
                    echo "$2='$4'\$$2"
                    echo "$2=\${$2#'$3'}"
                    echo "$2=\${$2%'$3'}"
                    echo "export $2"
                    shift 4
                    ;;
            esac
        done
        echo "exec -a \"\$0\" \"$hidden\"  \"\$@\" "
    } >"$program"
    chmod +x "$program"
}
