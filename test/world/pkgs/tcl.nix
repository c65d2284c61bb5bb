{ mkDerivation, source, zlib, ... }:
mkDerivation {
  name = "tcl-8.6.13";
  src = source "tcl.tar";
  inputs = [ zlib ];
  configurePhase = "cd unix; ./configure --prefix=$out --enable-shared --disable-rpath --with-tzdata=no";
  buildPhase = "make -j2 tclsh libtcl8.6.so >/dev/null";
  installPhase = "make install-binaries install-libraries >/dev/null";
}
