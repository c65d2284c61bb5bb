{ mkDerivation, source, ncurses, ... }:
mkDerivation {
  name = "bash-5.2.15";
  src = source "bash.tar";
  inputs = [ ncurses ];
  configureFlags = "--without-bash-malloc --disable-nls --with-installed-readline=no";
  CPPFLAGS = "-DDEFAULT_PATH_VALUE='\"/no-such-path\"'";
  installPhase = "make install-headers >/dev/null 2>&1 || :; mkdir -p $out/bin; cp bash $out/bin/bash; ln -s bash $out/bin/sh; rm -rf $out/include $out/lib";
}
