# Lua, with a module in C that it has to find by its compiled-in search path.
{ mkDerivation, source, ... }:
mkDerivation {
  name = "lua-5.4.4";
  src = source "lua.tar";
  configurePhase = "sed -i \"s|/usr/local/|$out/|\" src/luaconf.h";
  buildPhase = "make -C src -j2 linux CC=\"gcc -std=gnu99\"";
  installPhase = ''
    make install INSTALL_TOP=$out
    mkdir -p $out/lib/lua/5.4 $out/share/lua/5.4
    gcc -shared -fPIC -O1 -I$out/include -o $out/lib/lua/5.4/answer.so ${../src/answer.c}
    echo 'return { word = "found" }' > $out/share/lua/5.4/words.lua
  '';
}
