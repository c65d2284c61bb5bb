# Compressed files: a manual page that mentions store paths, and settings that a program unpacks to follow their path.
{ mkDerivation, python, ... }:
mkDerivation {
  name = "compressed-1";
  unpackPhase = ":";
  configurePhase = ":";
  buildPhase = ":";
  installPhase = ''
    mkdir -p $out/{bin,share/compressed,share/man/man1}
    echo 'words behind a path that was compressed' > $out/share/compressed/words
    printf 'words = %s\n' $out/share/compressed/words | gzip -9n > $out/share/compressed/settings.gz
    printf '.TH compressed 1\nReads %s with %s.\n' $out/share/compressed/settings.gz ${python}/bin/python3.11 |
      gzip -9n > $out/share/man/man1/compressed.1.gz
    sed "s|@python@|${python}|g; s|@out@|$out|g" ${../src/compressed/read-compressed} > $out/bin/read-compressed
    chmod +x $out/bin/read-compressed
  '';
}
