# Unmoor in nixpkgs: import it as an overlay,
#
#   import <nixpkgs> { overlays = [ (import ./unmoor/nixpkgs-overlay) ]; }
#
# docs/overlay.md is the tutorial. Nothing that does not ask for it is changed: every other .drv stays what it was.
final: prev:
let
  asking = import ./relocatable-attribute.nix { inherit final; };
in
{
  unmoor = final.callPackage ./unmoor.nix { };
  unmoor-stub = final.callPackage ./stub.nix { };
  relocatableHook = final.callPackage ./hook.nix { };

  # The attribute `relocatable` of derivations.
  stdenv = asking.withAttribute prev.stdenv;

  makeRelocatable = asking.makeRelocatable;
  relocatePackages = import ./relocate-packages.nix;
  relocateClosure = final.callPackage ./relocate-closure.nix { };
  relocatableTarball = final.callPackage ./tarball.nix { };
  relocationAudit = final.callPackage ./audit.nix { };
  relocationAudits = final.callPackage ./audits.nix { };
  acrossPrefixes = final.callPackage ./across-prefixes.nix { };
}
