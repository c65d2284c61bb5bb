# An overlay from a list of names: each of these packages is made relocatable, and what depends on it uses that one.
#
#   overlays = [ (import ./unmoor/nixpkgs-overlay) (final: prev: prev.relocatePackages [ "hello" "git" ] final prev) ]
names: final: prev:
builtins.listToAttrs (map (name: { inherit name; value = final.makeRelocatable prev.${name}; }) names)
