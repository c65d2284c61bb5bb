# A C library with files that CMake exports and a pkg-config file. Its directories are absolute, as nixpkgs' hook for CMake
# gives them, so that CMake writes them into what it exports.
{ mkDerivation, zlib, ... }:
mkDerivation {
  name = "orchard-1.2";
  inputs = [ zlib ];
  unpackPhase = "cp -r ${../src/orchard} source; chmod -R u+w source; cd source";
  configurePhase = ''
    cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_SKIP_BUILD_RPATH=ON -DCMAKE_INSTALL_PREFIX=$out \
      -DCMAKE_INSTALL_LIBDIR=$out/lib -DCMAKE_INSTALL_INCLUDEDIR=$out/include -DCMAKE_INSTALL_DATADIR=$out/share \
      -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF -DZLIB_ROOT=${zlib}
  '';
  buildPhase = "cmake --build build";
  installPhase = ''
    cmake --install build
    mkdir -p $out/share/orchard
    printf 'apple\npear\nquince\n' > $out/share/orchard/trees
    printf '%s\n' 1 2 3 4 5 | gzip -9n > $out/share/orchard/seeds.gz
  '';
}
