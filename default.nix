# Unmoor without flakes: `nix-build -A unmoor`, or `(import ./unmoor { }).relocateClosure hello`.
{ pkgs ? import <nixpkgs> { } }:
let extended = pkgs.extend (import ./nixpkgs-overlay); in
{
  inherit (extended)
    unmoor unmoor-stub relocatableHook
    makeRelocatable relocatePackages relocateClosure relocatableTarball relocationAudit relocationAudits acrossPrefixes;
}
