# The part of nixpkgs' interface that the overlay needs, over the packages of the world: named and behaving as there
# (pkgs/top-level, pkgs/stdenv/generic/make-derivation.nix, pkgs/build-support/trivial-builders, closure-info.nix,
# make-setup-hook), so that the very same overlay files run here and in nixpkgs.
{ sources ? null, overlays ? [ ], system ? builtins.currentSystem }:
let
  lib = import ./lib.nix;
  world = import ../. { inherit sources; };

  base = pkgs: {
    inherit lib pkgs;
    inherit (world) bash coreutils hello python perl zlib glibc gcclib;
    callPackage = lib.callPackageWith (pkgs // { inherit pkgs; });
    buildPackages = pkgs;
    targetPackages = pkgs;
    runtimeShell = "${world.bash}/bin/bash";

    stdenv = import ./stdenv { inherit lib world system; };
    mkShell = attrs: pkgs.stdenv.mkDerivation ({ name = "shell"; } // builtins.removeAttrs attrs [ "packages" ]);
    gcc = world.cc;
    patchelf = world.cc;
    nodejs_24 = pkgs.nodejs;
    stdenvNoCC = pkgs.stdenv;

    makeSetupHook = { name, substitutions ? { }, propagatedBuildInputs ? [ ] }: script:
      pkgs.runCommand name
        (substitutions // {
          passthru = { inherit substitutions; };
          inherit propagatedBuildInputs;
        })
        ''
          mkdir -p $out/nix-support
          cp ${script} $out/nix-support/setup-hook
          ${lib.concatStringsSep "\n" (lib.mapAttrsToList (key: value: ''
            sed -i "s|@${key}@|${toString value}|g" $out/nix-support/setup-hook
          '') substitutions)}
        '';

    runCommand = name: attrs: script:
      pkgs.stdenv.mkDerivation ({ inherit name; buildCommand = script; } // attrs);

    closureInfo = { rootPaths }: pkgs.runCommand "closure-info"
      { exportReferencesGraph = builtins.concatMap (path: [ "graph-${baseNameOf path}" path ]) rootPaths; }
      ''
        mkdir $out
        cat graph-* | grep "^$NIX_STORE/" | sort -u > $out/store-paths
      '';

    makeWrapper = pkgs.makeSetupHook { name = "make-wrapper"; substitutions.shell = pkgs.runtimeShell; } ./hooks/make-wrapper.sh;

    # The host's certificates: npm asks its registry over TLS.
    cacert = pkgs.runCommand "cacert-host" { hostBundle = builtins.getEnv "NODE_EXTRA_CA_CERTS"; } ''
      mkdir -p $out/etc/ssl/certs
      ln -s ''${hostBundle:-/etc/ssl/certs/ca-certificates.crt} $out/etc/ssl/certs/ca-bundle.crt
    '';

    # The host's own Node and npm: the overlay needs them to build, and to run the command line.
    nodejs = pkgs.runCommand "nodejs-host" { hostPath = builtins.getEnv "PATH"; } ''
      mkdir -p $out/bin
      ln -s ${world.nodeProgram} $out/bin/node
      npm=$(PATH=$hostPath command -v npm)
      printf '#!/bin/sh\nexec %s "$@"\n' "$npm" > $out/bin/npm
      chmod +x $out/bin/npm
    '';
  };

  # An overlay sees the whole (final) and what was before it (prev).
  extended = builtins.foldl' (before: overlay: final: let prev = before final; in prev // overlay final prev) base overlays;

  # `pkgs.extend overlay`, as in nixpkgs (lib.makeExtensible).
  extensible = f: lib.fix f // {
    extend = overlay: extensible (final: let prev = f final; in prev // overlay final prev);
  };
in
extensible extended
