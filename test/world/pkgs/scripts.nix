# Scripts of all kinds, in the very forms that nixpkgs' makeWrapper and patchShebangs produce.
{ mkDerivation, bash, coreutils, perl, python, lua, hello, git, ... }:
mkDerivation {
  name = "scripts-1";
  inputs = [ bash coreutils perl python lua ];
  unpackPhase = ":";
  configurePhase = ":";
  buildPhase = ":";
  installPhase = ''
    mkdir -p $out/bin $out/share
    echo 'from a file' > $out/share/text
    cp ${../src/scripts}/* $out/bin/
    chmod +wx $out/bin/*
    sed -i "s|@bash@|${bash}|g; s|@out@|$out|g; s|@coreutils@|${coreutils}|g; s|@perl@|${perl}|g; s|@python@|${python}|g; s|@lua@|${lua}|g; s|@hello@|${hello}|g; s|@git@|${git}|g" $out/bin/*
  '';
}
