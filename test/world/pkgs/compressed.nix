# Compressed files and archives: manual pages that mention store paths; settings, packed in every way, that a program unpacks to
# follow their path; a static library.
{ mkDerivation, python, ... }:
mkDerivation {
  name = "compressed-1";
  unpackPhase = ":";
  configurePhase = ":";
  buildPhase = ":";
  installPhase = ''
    share=$out/share/compressed
    mkdir -p $out/{bin,lib,share/man/man1} $share conf
    echo 'words behind a path that was compressed' > $share/words
    printf 'words = %s\n' $share/words > conf/settings
    gzip -9n < conf/settings > $share/settings.gz
    xz < conf/settings > $share/settings.xz
    zstd -q -19 < conf/settings > $share/settings.zst
    packed() { tar --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner "$@" conf; }
    packed -c | gzip -9n > $share/settings.tar.gz
    packed -c | xz > $share/settings.tar.xz
    ${python}/bin/python3.11 -B ${../src/compressed/pack.py} conf/settings $share
    for pack in 'gzip -9n' xz 'zstd -q' bzip2; do
      printf '.TH compressed 1\nReads %s with %s.\n' $share/settings.gz ${python}/bin/python3.11 > compressed.1
      case $pack in gz*) name=gz ;; xz) name=xz ;; zs*) name=zst ;; *) name=bz2 ;; esac
      $pack < compressed.1 > $out/share/man/man1/compressed.1.$name
    done
    printf 'const char *words(void) { return "%s"; }\n' $share/words > words.c
    cc -g -gz=none -ffile-prefix-map=$PWD=$out/src -c words.c
    ar rcsD $out/lib/libwords.a words.o
    sed "s|@python@|${python}|g; s|@out@|$out|g" ${../src/compressed/read-compressed} > $out/bin/read-compressed
    chmod +x $out/bin/read-compressed
  '';
}
