# Packages that ask to be relocatable, in the ways of nixpkgs.
{ sources }:
let
  pkgs = import ../nixpkgs { inherit sources; overlays = [ (import ../../../nixpkgs-overlay) ]; };
  plain = import ../nixpkgs { inherit sources; };
  inherit (pkgs) stdenv;

  # No source to unpack, nothing to configure.
  simple = attrs: { dontConfigure = true; buildPhase = ":"; } // attrs;

  greeting = {
    pname = "greeting";
    version = "1";
    installPhase = ''
      mkdir -p $out/bin $out/share
      echo 'hello from a file' > $out/share/text
      printf '%s\n' '#include <stdio.h>' 'int main(void) { char line[80]; FILE *f = fopen(TEXT, "r");' \
        'if (!f || !fgets(line, sizeof line, f)) return 1; fputs(line, stdout); return 0; }' > main.c
      gcc -O1 -DTEXT="\"$out/share/text\"" -o $out/bin/greeting main.c
    '';
  };

  # A D-Bus service file names its program by an absolute path, and the host's own bus reads it.
  service = {
    pname = "service";
    version = "1";
    installPhase = ''
      mkdir -p $out/bin $out/share/dbus-1/services
      printf '#!${pkgs.bash}/bin/bash\necho serving\n' > $out/bin/service
      chmod +x $out/bin/service
      printf '[D-BUS Service]\nName=org.example.Service\nExec=%s/bin/service\n' $out > $out/share/dbus-1/services/org.example.Service.service
    '';
  };
in
rec {
  inherit pkgs plain;

  hello = stdenv.mkDerivation {
    pname = "hello";
    version = "2.10";
    src = builtins.path { path = sources + "/hello.tar"; name = "hello.tar"; };
    relocatable = true;
  };

  greeting-plain = stdenv.mkDerivation (simple greeting);
  greeting-relocatable = stdenv.mkDerivation (simple (greeting // { relocatable = true; }));
  greeting-made = pkgs.makeRelocatable greeting-plain;
  greeting-overridden = greeting-plain.overrideAttrs (_: { relocatable = true; });
  greeting-hooked = stdenv.mkDerivation (simple (greeting // { nativeBuildInputs = [ pkgs.relocatableHook ]; }));
  greeting-not = stdenv.mkDerivation (simple (greeting // { relocatable = true; dontRelocate = true; }));
  greeting-structured = stdenv.mkDerivation (simple (greeting // {
    relocatable = "partial";
    relocatableExclude = [ "share/**" ];
    __structuredAttrs = true;
  }));

  library = stdenv.mkDerivation (simple {
    pname = "library";
    version = "1";
    outputs = [ "out" "dev" "lib" "debug" ];
    separateDebugInfo = true;
    strictDeps = true;
    relocatable = true;
    buildInputs = [ pkgs.zlib ];
    installPhase = ''
      mkdir -p $out/bin $lib/lib $dev/include $dev/lib/pkgconfig
      echo 'const char *world(void);' > $dev/include/world.h
      printf '%s\n' '#include <zlib.h>' 'const char *world(void) { return zlibVersion(); }' > world.c
      gcc -shared -fPIC -O1 -g -I${pkgs.zlib}/include -o $lib/lib/libworld.so -Wl,-soname,libworld.so world.c -L${pkgs.zlib}/lib -lz -Wl,-rpath,${pkgs.zlib}/lib
      printf '%s\n' '#include <stdio.h>' '#include "world.h"' 'int main(void) { puts(world()); return 0; }' > main.c
      gcc -O1 -g -I$dev/include -o $out/bin/world main.c -L$lib/lib -lworld -Wl,-rpath,$lib/lib
      printf 'prefix=%s\nlibdir=%s/lib\nName: world\nDescription: a library\nVersion: 1\nLibs: -L''${libdir} -lworld\nCflags: -I''${prefix}/include\n' $dev $lib > $dev/lib/pkgconfig/world.pc
      ln -s $lib/lib/libworld.so $dev/lib/libworld.so
    '';
  });

  wrapped-python-launcher = wrapped-python.overrideAttrs (_: { relocatableWrappers = "launcher"; });
  launcher-closure = pkgs.relocateClosure wrapped-python-launcher;

  wrapped-python = stdenv.mkDerivation (simple {
    pname = "wrapped-python";
    version = "1";
    relocatable = true;
    nativeBuildInputs = [ pkgs.makeWrapper pkgs.python pkgs.bash ];
    installPhase = ''
      mkdir -p $out/bin $out/lib/python $out/share
      echo 'words of a package' > $out/share/words
      printf 'def words():\n    with open("%s/share/words") as file:\n        return file.read().strip()\n' $out > $out/lib/python/words.py
      printf '#!/usr/bin/env python3.11\nimport sys\nimport words\nprint(words.words(), sys.argv[1:])\n' > $out/bin/words
      chmod +x $out/bin/words
    '';
    postFixup = ''
      wrapProgram $out/bin/words --set PYTHONPATH $out/lib/python --set PYTHONDONTWRITEBYTECODE 1 --prefix PATH : ${pkgs.coreutils}/bin
    '';
  });

  shell-tool = stdenv.mkDerivation (simple {
    pname = "shell-tool";
    version = "1";
    relocatable = true;
    buildInputs = [ pkgs.bash ];
    installPhase = ''
      mkdir -p $out/bin $out/share
      echo 'a line' > $out/share/line
      printf '#!/bin/bash\nset -euo pipefail\n%s/bin/cat "%s/share/line"\n' ${pkgs.coreutils} $out > $out/bin/shell-tool
      chmod +x $out/bin/shell-tool
    '';
  });

  shell-tool-launcher = shell-tool.overrideAttrs (_: { relocatableScripts = "launcher"; });

  service-relocatable = stdenv.mkDerivation (simple (service // { relocatable = true; }));
  service-partial = stdenv.mkDerivation (simple (service // { relocatable = "partial"; }));

  listed =
    let set = pkgs.extend (final: prev: { greeting = greeting-plain; }); in
    (set.extend (set.relocatePackages [ "greeting" ])).greeting;

  closure = pkgs.relocateClosure pkgs.hello;
  tarball = pkgs.relocatableTarball pkgs.hello;
  audit = pkgs.relocationAudit pkgs.hello;
  audits = pkgs.relocationAudits { inherit (pkgs) hello zlib; };
  across = pkgs.acrossPrefixes { package = pkgs.hello; commands = [ "hello --greeting hi" ]; };
  across-default = pkgs.acrossPrefixes pkgs.hello;
  # Its output tells how long the path is that it was started by.
  across-fails = pkgs.acrossPrefixes { package = pkgs.hello; commands = [ "command -v hello | wc -c" ]; };

  # Everything that both package sets have: the overlay must not change any of it.
  unchanged = map (name: { inherit name; before = plain.${name}.drvPath; after = pkgs.${name}.drvPath; })
    [ "bash" "coreutils" "hello" "python" "perl" "zlib" "glibc" "nodejs" "makeWrapper" "cacert" ];
  unchanged-build =
    let build = set: (set.stdenv.mkDerivation (simple greeting)).drvPath; in
    [ { name = "greeting"; before = build plain; after = build pkgs; } ];
}
