# Ruby with the parts of its library that need nothing but the C library.
{ mkDerivation, source, bash, zlib, ... }:
mkDerivation {
  name = "ruby-3.1.2";
  src = source "ruby.tar";
  inputs = [ bash zlib ];
  configureFlags = "--with-baseruby=no --disable-install-doc --disable-install-rdoc --enable-shared --without-gmp --disable-yjit --with-out-ext=openssl,readline,psych,fiddle,dbm,gdbm,pty,syslog,nkf,win32,win32ole,bigdecimal,ripper,-test-";
  buildPhase = "make -j2 V=0 >/dev/null 2>&1 || make";
  installPhase = "make install-arch install-comm V=0 >/dev/null; rm -rf $out/lib/*.a";
}
