# The loader stub and the launcher, compiled by the compiler of the platform on which they will run. The same sources and
# compiler give the same bytes.
{ lib, stdenv, nodejs ? nodejs_24, nodejs_24 ? null }:
stdenv.mkDerivation {
  pname = "unmoor-stub";
  inherit (builtins.fromJSON (builtins.readFile ../package.json)) version;
  src = builtins.path {
    path = ../stub;
    name = "unmoor-stub-source";
    filter = path: _type: baseNameOf path != "build";
  };
  nativeBuildInputs = [ nodejs ];
  # Freestanding code: no stack protector, no fortified functions, no search path.
  hardeningDisable = [ "all" ];
  dontConfigure = true;
  dontStrip = true;
  dontPatchELF = true;
  buildPhase = ''
    runHook preBuild
    export CC_FOR_${stdenv.hostPlatform.parsed.cpu.name}=''${CC:-cc}
    node --disable-warning=ExperimentalWarning build.ts built
    runHook postBuild
  '';
  installPhase = ''
    runHook preInstall
    mkdir -p $out
    cp built/*-${stdenv.hostPlatform.parsed.cpu.name}.bin $out/
    runHook postInstall
  '';
}
