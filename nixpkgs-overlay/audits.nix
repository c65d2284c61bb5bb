# One audit for each package of a set, each a build of its own, and an index over all of them.
{ lib, runCommand, unmoor, relocationAudit }:
packages:
let audits = lib.mapAttrs (_name: relocationAudit) packages; in
runCommand "relocation-audits" { nativeBuildInputs = [ unmoor ]; passthru = audits; } ''
  export HOME=$TMPDIR
  mkdir -p $out/packages
  ${lib.concatStringsSep "\n" (lib.mapAttrsToList (name: audit: "ln -s ${audit} $out/packages/${lib.escapeShellArg name}") audits)}
  unmoor report $out/packages/*/audit.json --output $out
''
