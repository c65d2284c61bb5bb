{ mkDerivation, source, bash, sqlite, zlib, ... }:
mkDerivation {
  name = "python3-3.11.2";
  src = source "python.tar";
  inputs = [ bash sqlite zlib ];
  configureFlags = "--without-ensurepip --disable-test-modules --without-doc-strings --with-pydebug=no --without-static-libpython --enable-shared";
  # Only what the world itself has libraries for; the host's must not be found.
  patchPhase = ''
    printf '*disabled*\n_ssl _hashlib _bz2 _lzma readline _tkinter _dbm _gdbm nis _ctypes _uuid _curses _curses_panel _crypt ossaudiodev\n' > Modules/Setup.local
    rm -rf Lib/test Lib/idlelib Lib/lib2to3/tests Lib/turtledemo Lib/tkinter
  '';
  installPhase = "make altbininstall libinstall libainstall inclinstall sharedinstall bininstall >/dev/null; rm -rf $out/share";
}
