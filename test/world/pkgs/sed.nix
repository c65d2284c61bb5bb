{ mkDerivation, source, bash, ... }:
mkDerivation {
  name = "sed-4.9";
  src = source "sed.tar";
  inputs = [ bash ];
  configureFlags = "--disable-nls --disable-acl --without-selinux --disable-dependency-tracking";
}
