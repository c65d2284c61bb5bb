# One program in each language, with store paths in its code, its modules and its wrapper; and a library with what build
# systems read of it.
{ mkDerivation, bash, coreutils, perl, python, lua, ruby, tcl, node, hello, zlib, ... }:
mkDerivation {
  name = "languages-1";
  inputs = [ bash coreutils perl python lua ruby tcl node zlib ];
  unpackPhase = ":";
  configurePhase = ":";
  buildPhase = ":";
  installPhase = ''
    mkdir -p $out/{bin,include,share/world,share/man/man1,lib/{python,python-more,perl,perl-more,ruby,lua,tcl/world,node,pkgconfig,cmake/World}}
    echo 'some words of the world' > $out/share/world/words
    cp ${../src/languages}/bin/* ${../src/languages}/bin/.[a-z]* $out/bin/
    cp ${../src/languages}/modules/world.sh $out/lib/
    cp ${../src/languages}/modules/world.py $out/lib/python/
    cp ${../src/languages}/modules/World.pm $out/lib/perl/
    cp ${../src/languages}/modules/world.rb $out/lib/ruby/
    cp ${../src/languages}/modules/world.lua $out/lib/lua/
    cp ${../src/languages}/modules/*.tcl $out/lib/tcl/world/
    cp ${../src/languages}/modules/{world.js,module.mjs} $out/lib/node/
    cp ${../src/languages}/modules/world.pc $out/lib/pkgconfig/
    cp ${../src/languages}/modules/WorldConfig.cmake $out/lib/cmake/World/
    echo 'const char *world_words(void);' > $out/include/world.h
    chmod -R u+w $out
    chmod +x $out/bin/* $out/bin/.[a-z]*
    find $out -type f -exec sed -i "s|@bash@|${bash}|g; s|@out@|$out|g; s|@coreutils@|${coreutils}|g; s|@perl@|${perl}|g; s|@python@|${python}|g; s|@lua@|${lua}|g; s|@hello@|${hello}|g; s|@ruby@|${ruby}|g; s|@tcl@|${tcl}|g; s|@node@|${node}|g; s|@zlib@|${zlib}|g" {} +
    printf '.TH world 1\nReads %s/share/world/words.\n' $out > $out/share/man/man1/world.1
    gzip -9n $out/share/man/man1/world.1
    gcc -shared -fPIC -O1 -DWORLD_DATA="\"$out/share/world\"" -Wl,-soname,libworld.so -o $out/lib/libworld.so ${../src/languages}/modules/world.c
  '';
}
