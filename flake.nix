{
  description = "Frees Nix-built software from its store directory";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" ];
      forAllSystems = f: builtins.listToAttrs (map (system: { name = system; value = f system; }) systems);
      overlay = import ./nixpkgs-overlay;
      pkgsFor = system: import nixpkgs { inherit system; overlays = [ overlay ]; };
    in
    {
      overlays.default = overlay;

      packages = forAllSystems (system: {
        inherit (pkgsFor system) unmoor unmoor-stub relocatableHook;
        default = (pkgsFor system).unmoor;
      });

      apps = forAllSystems (system: rec {
        unmoor = { type = "app"; program = "${(pkgsFor system).unmoor}/bin/unmoor"; };
        default = unmoor;
      });

      # Functions over packages, by system: `lib.x86_64-linux.relocateClosure`.
      lib = forAllSystems (system: {
        inherit (pkgsFor system)
          makeRelocatable relocatePackages relocateClosure relocatableTarball relocationAudit relocationAudits acrossPrefixes;
      });

      # nix bundle --bundler github:.../unmoor nixpkgs#hello
      bundlers = forAllSystems (system: rec {
        relocateClosure = (pkgsFor system).relocateClosure;
        tarball = (pkgsFor system).relocatableTarball;
        default = relocateClosure;
      });

      checks = forAllSystems (system:
        let pkgs = pkgsFor system; in
        {
          inherit (pkgs) unmoor;
          hello = pkgs.acrossPrefixes pkgs.hello;
          relocatable-hello = pkgs.makeRelocatable pkgs.hello;
        });

      devShells = forAllSystems (system:
        let pkgs = pkgsFor system; in
        { default = pkgs.mkShell { packages = [ pkgs.nodejs_24 pkgs.gcc pkgs.patchelf ]; }; });
      # The name that older Nix looks for.
      devShell = forAllSystems (system: self.devShells.${system}.default);
    };
}
