# Small programs, each for one thing that a relocation can break.
{ mkDerivation, ... }:
mkDerivation {
  name = "probes-1";
  src = null;
  unpackPhase = "cp -r ${../src} src; chmod -R u+w src; cd src";
  configurePhase = ":";
  CPPFLAGS = "";
  buildPhase = ''
    mkdir -p $out/bin $out/lib $out/share
    g++ -O1 -shared -fPIC -o $out/lib/libthrower.so thrower.cc
    g++ -O1 -o $out/bin/exceptions exceptions.cc -L$out/lib -lthrower
    gcc -O1 -no-pie -DDATA="\"$out/share/data.txt\"" -o $out/bin/no-pie data.c
    gcc -O1 -DDATA="\"$out/share/data.txt\"" -o $out/bin/pie data.c
    gcc -O1 -o $out/bin/self self.c
    gcc -O1 -pthread -o $out/bin/threads threads.c
    gcc -O1 -DCHILD="\"$out/bin/self\"" -o $out/bin/spawn spawn.c
    gcc -O1 -DPLUGIN="\"$out/lib/libplugin.so\"" -o $out/bin/plugins plugins.c -ldl
    gcc -O1 -shared -fPIC -o $out/lib/libplugin.so plugin.c
    echo 'data by a compiled-in path' > $out/share/data.txt
  '';
  installPhase = ":";
}
