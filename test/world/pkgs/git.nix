{ mkDerivation, source, bash, coreutils, sed, perl, zlib, ... }:
mkDerivation {
  name = "git-2.39.5";
  src = source "git.tar";
  inputs = [ bash perl zlib coreutils sed ];
  configurePhase = ":";
  makeFlags = builtins.concatStringsSep " " [
    "prefix=$(out)" "NO_CURL=1" "NO_EXPAT=1" "NO_TCLTK=1" "NO_GETTEXT=1" "NO_OPENSSL=1" "NO_PYTHON=1" "NO_REGEX=1"
    "PERL_PATH=${perl}/bin/perl" "SHELL_PATH=${bash}/bin/bash" "CC=cc" "CFLAGS=-O1"
    "NO_INSTALL_HARDLINKS="
  ];
  installPhase = "make install $makeFlags >/dev/null";
}
