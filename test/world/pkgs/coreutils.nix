{ mkDerivation, source, ... }:
mkDerivation {
  name = "coreutils-9.1";
  src = source "coreutils.tar";
  FORCE_UNSAFE_CONFIGURE = "1";
  configureFlags = "--disable-nls --without-selinux --disable-libcap --disable-acl --without-libgmp --without-openssl --disable-dependency-tracking --enable-single-binary=symlinks";
  # Manual pages are made by running the programs one by one.
  installPhase = "make install-exec";
}
