# The command line, compiled from this source.
{ lib, stdenv, runtimeShell, nodejs ? nodejs_24, nodejs_24 ? null, unmoor-stub, cacert ? null }:
let
  manifest = builtins.fromJSON (builtins.readFile ../package.json);
  packages = import ./npm-packages.nix { inherit lib stdenv nodejs cacert; };
  needed = [ "src" "docs" "stub" "package.json" "tsconfig.json" "tsconfig.build.json" "CHANGELOG.md" "LICENSE" ];
  # One by one, so that nothing else of a checkout counts: its dependencies, its build results.
  sourceOf = name: builtins.path {
    path = ../. + "/${name}";
    name = "unmoor-${name}";
    filter = path: _type: baseNameOf path != "build";
  };
in
stdenv.mkDerivation {
  pname = "unmoor";
  inherit (manifest) version;
  unpackPhase = ''
    runHook preUnpack
    mkdir source
    ${lib.concatMapStringsSep "\n" (name: "cp -r ${sourceOf name} source/${name}") needed}
    chmod -R u+w source
    cd source
    runHook postUnpack
  '';
  nativeBuildInputs = [ nodejs ];
  dontConfigure = true;
  buildPhase = ''
    runHook preBuild
    export HOME=$TMPDIR
    ${lib.concatMapStringsSep "\n" ({ path, tarball }: ''
      mkdir -p ${lib.escapeShellArg path}
      tar -xzf ${tarball} --strip-components=1 -C ${lib.escapeShellArg path}
    '') packages}
    mkdir -p node_modules/.bin
    ln -s ../typescript/bin/tsc node_modules/.bin/tsc
    chmod +x node_modules/typescript/bin/tsc
    PATH=$PWD/node_modules/.bin:$PATH npm run --silent build
    runHook postBuild
  '';
  installPhase = ''
    runHook preInstall
    mkdir -p $out/bin $out/lib/unmoor/stub/build $out/lib/unmoor/src/reports
    rm -rf node_modules/.bin node_modules/typescript node_modules/@typescript node_modules/@types node_modules/undici-types
    # Sources of native add-ons, which nothing loads: the grammars run as WebAssembly.
    rm -rf node_modules/tree-sitter-*/src node_modules/tree-sitter-*/prebuilds node_modules/@tree-sitter-grammars/*/{src,prebuilds}
    cp -r dist docs node_modules package.json CHANGELOG.md LICENSE $out/lib/unmoor/
    cp -r src/reports/schema $out/lib/unmoor/src/reports/
    cp ${unmoor-stub}/*.bin $out/lib/unmoor/stub/build/
    cat > $out/bin/unmoor <<EOF
    #!${runtimeShell}
    exec ${nodejs}/bin/node --disable-warning=ExperimentalWarning $out/lib/unmoor/dist/cli/main.js "\$@"
    EOF
    sed -i 's/^ *//' $out/bin/unmoor
    chmod +x $out/bin/unmoor
    runHook postInstall
  '';
  meta = {
    inherit (manifest) description;
    license = lib.licenses.mit;
    mainProgram = "unmoor";
    platforms = lib.platforms.linux;
  };
}
