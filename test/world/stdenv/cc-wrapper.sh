# Makes `cc`, `gcc` and `c++` that link against store objects: a search path entry for each library directory of the
# inputs, and the world's own loader, as nixpkgs' cc-wrapper and ld-wrapper do.
set -eu
PATH=/usr/bin:/bin
mkdir -p "$out/bin"
make_wrapper() {
  cat > "$out/bin/$1" <<EOF
#!/bin/bash
flags=()
for input in \${inputs-}; do
  if [ -d "\$input/include" ]; then flags+=(-isystem "\$input/include"); fi
done
case " \$* " in
  *' -c '* | *' -E '* | *' -S '* | *' -M '* | *' -MM '* | *' --version '* | *' -v '*) ;;
  *)
    for input in "\${out:-}" \${inputs-}; do
      if [ -n "\$input" ]; then flags+=("-L\$input/lib" "-Wl,-rpath,\$input/lib"); fi
    done
    flags+=("-Wl,-rpath,$glibc/lib" "-Wl,-rpath,$gcclib/lib" "-Wl,--dynamic-linker=$glibc/lib/ld-linux-x86-64.so.2" -Wl,--build-id=none)
    ;;
esac
exec /usr/bin/$2 "\$@" "\${flags[@]}"
EOF
  chmod +x "$out/bin/$1"
}
make_wrapper cc gcc
make_wrapper gcc gcc
make_wrapper c++ g++
make_wrapper g++ g++
