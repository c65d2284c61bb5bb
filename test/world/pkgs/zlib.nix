{ mkDerivation, source, ... }:
mkDerivation { name = "zlib-1.2.13"; src = source "zlib.tar"; }
