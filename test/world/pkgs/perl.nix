{ mkDerivation, source, bash, coreutils, ... }:
mkDerivation {
  name = "perl-5.36.0";
  src = source "perl.tar";
  inputs = [ bash ];
  configurePhase = ''
    chmod -R u+w .
    ./Configure -des -Dcc=cc -Dprefix=$out -Dman1dir=none -Dman3dir=none -Doptimize=-O1 -Duseshrplib \
      -Dlocincpth= -Dloclibpth= -Dglibpth='/usr/lib/x86_64-linux-gnu /lib/x86_64-linux-gnu' -Dnoextensions='DB_File GDBM_File NDBM_File ODBM_File' \
      -Dstartperl="#!$out/bin/perl" -Dperlpath=$out/bin/perl
  '';
  installPhase = "make install.perl; rm -rf $out/lib/*/pod $out/lib/perl5/*/pod $out/lib/perl5/*/unicore/TestProp.pl";
}
