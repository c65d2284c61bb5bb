# stdenv.mkDerivation, as far as packages and the overlay use it (nixpkgs: pkgs/stdenv/generic/make-derivation.nix).
{ lib, world, system }:
let
  setup = ./setup.sh;
  platform = { parsed.cpu.name = "x86_64"; inherit system; };

  # Attributes that say something of the package and do not reach the builder.
  notForBuilder = [ "passthru" "meta" "hardeningDisable" ];

  make = args:
    let
      rec' = if builtins.isFunction args then lib.fix args else args;
      structured = rec'.__structuredAttrs or false;
      name = rec'.name or "${rec'.pname}-${rec'.version}";
      environment = builtins.removeAttrs rec' notForBuilder;
      drv = derivation (
        environment
        // {
          inherit name;
          inherit system;
          builder = "/bin/bash";
          args = [ "-e" ./default-builder.sh ];
          stdenv = setup;
          inherit (world) cc;
          nativeBuildInputs = rec'.nativeBuildInputs or [ ];
          buildInputs = rec'.buildInputs or [ ];
          outputs = rec'.outputs or [ "out" ];
        }
      );
      passthru = rec'.passthru or { };
    in
    passthru // drv // {
      inherit passthru;
      meta = rec'.meta or { };
      overrideAttrs = change:
        make (rec' // (if builtins.isFunction change then change rec' else change));
    } // lib.optionalAttrs (rec' ? pname) { inherit (rec') pname version; };
in
{
  mkDerivation = make;
  hostPlatform = platform;
  buildPlatform = platform;
  targetPlatform = platform;
  inherit (world) cc;
}
