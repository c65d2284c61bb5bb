# One audit for each package of a set, each a build of its own, in one place.
{ lib, runCommand, relocationAudit }:
packages:
let audits = lib.mapAttrs (_name: relocationAudit) packages; in
runCommand "relocation-audits" { passthru = audits; } ''
  mkdir -p $out/packages
  ${lib.concatStringsSep "\n" (lib.mapAttrsToList (name: audit: "ln -s ${audit} $out/packages/${lib.escapeShellArg name}") audits)}
''
