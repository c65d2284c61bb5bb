# Node's own program, given the world's loader and libraries, as autoPatchelfHook does it.
{ mkDerivation, nodeProgram, glibc, gcclib, ... }:
mkDerivation {
  name = "nodejs-24";
  src = null;
  unpackPhase = ":";
  configurePhase = ":";
  buildPhase = ":";
  installPhase = ''
    mkdir -p $out/bin
    cp ${nodeProgram} $out/bin/node
    chmod 755 $out/bin/node
    patchelf --set-interpreter ${glibc}/lib/ld-linux-x86-64.so.2 --set-rpath ${gcclib}/lib:${glibc}/lib $out/bin/node
  '';
  dontStrip = true;
  dontPatchELF = true;
}
