{ mkDerivation, source, ... }:
mkDerivation {
  name = "sqlite-3.40.1";
  src = source "sqlite.tar";
  configureFlags = "--disable-tcl --disable-readline --disable-static";
}
