# Packages whose bytes depend on the store directory, each in its own way, and some whose bytes do not. Every one also
# holds a path that a relocation makes relative, so that there is something to prove.
let
  package = name: script: derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/bash";
    args = [ "-euc" ''
      PATH=/usr/bin:/bin
      mkdir -p $out/bin
      ln -s $out/bin/tool $out/link
      printf '#!/bin/sh\necho %s\n' ${name} > $out/bin/tool
      chmod +x $out/bin/tool
      ${script}
      # The shell itself ends the build: Nix 2.8 kills a last program that closes its output before it exits.
      :
    '' ];
  };
  numbers = [ "0" "1" "2" "3" "4" "5" "6" "7" "8" "9" ];
  data = map (n: package "data-${n}" "") numbers;
in
{
  good = package "good" "ln -s ${package "dependency" ""} $out/dependency";
  # The store directory itself, with no digest behind it: nothing that a relocation rewrites.
  escaped = package "escaped" "dirname $out > $out/note";
  # No path, but made from one.
  hashed = package "hashed" "printf %s $out | sha256sum > $out/id";
  length = package "length" "head -c $(dirname $out | wc -c) /dev/zero > $out/zeros";
  order = package "order" "printf '%s\\n' ${toString data} | sort | sed 's/.*-//' > $out/list";
  varying = package "varying" "date +%s%N > $out/time";
  # Depends on a package that varies, but is itself the same each time.
  above = package "above" "ln -s ${package "varying" "date +%s%N > $out/time"} $out/below";
  # Bytes that vary, and beside them a path that escaped.
  both = package "both" "date +%s%N > $out/time; dirname $out > $out/note";
}
