{ mkDerivation, source, ... }:
mkDerivation {
  name = "ncurses-6.4";
  src = source "ncurses.tar";
  configureFlags = "--with-shared --without-debug --without-ada --without-manpages --without-tests --enable-widec --enable-pc-files --without-cxx-binding --with-versioned-syms --with-termlib=tinfo --with-ticlib=tic";
  # No times and owners in static archives: its configure script asks ar to keep them, where ar can.
  cf_cv_ar_flags = "-crD";
  # The full list of terminals takes long to compile; these are the ones the tests use.
  makeFlags = "";
  installPhase = ''
    make install.libs install.progs install.includes PKG_CONFIG_LIBDIR=$out/lib/pkgconfig
    mkdir -p $out/share/terminfo
    TERMINFO=$out/share/terminfo $out/bin/tic -x -e xterm,xterm-256color,vt100,ansi,dumb,linux,screen misc/terminfo.src
  '';
}
