# An overlay from a list of names: each of these packages is made relocatable, and what depends on it uses that one.
#
#   (import <nixpkgs> { overlays = [ (import ./unmoor/nixpkgs-overlay) ]; }).extend (pkgs.relocatePackages [ "hello" "git" ])
names: final: prev:
builtins.listToAttrs (map (name: { inherit name; value = final.makeRelocatable prev.${name}; }) names)
