# `relocatable = true` or `"partial"` on a derivation brings the hook, and shows in passthru and meta.
{ final }:
let
  asksFor = value: value == true || value == "partial";

  withHook = mode: drv:
    let
      hooked = drv.overrideAttrs (old: {
        relocatable = mode;
        nativeBuildInputs = (old.nativeBuildInputs or [ ]) ++ [ final.relocatableHook ];
        passthru = (old.passthru or { }) // { relocatable = mode; };
      });
    in
    # Not an attribute of the derivation: nixpkgs' check-meta.nix knows a fixed list of names.
    hooked // { meta = (hooked.meta or { }) // { relocatable = mode; }; };

  hasHook = drv: builtins.any (input: (input.name or "") == final.relocatableHook.name) (drv.nativeBuildInputs or [ ]);

  # Looks at one attribute that every derivation has or has not; the derivation itself stays as it is.
  consider = drv:
    if asksFor (drv.drvAttrs.relocatable or false) && !(hasHook drv) then
      withHook drv.drvAttrs.relocatable drv
    else
      drv // { overrideAttrs = change: consider (drv.overrideAttrs change); };
in
{
  withAttribute = stdenv: stdenv // { mkDerivation = args: consider (stdenv.mkDerivation args); };

  # For packages that exist: only that package is built again.
  makeRelocatable = drv: if hasHook drv then drv else withHook true drv;
}
