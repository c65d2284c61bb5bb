{ mkDerivation, source, ... }:
mkDerivation {
  name = "hello-2.10";
  src = source "hello.tar";
  configureFlags = "--disable-dependency-tracking";
}
