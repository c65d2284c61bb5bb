# The package world: real programs, built by real Nix, with the store directory compiled in as nixpkgs does it.
# `sources` is a directory with the upstream tarballs and the Debian packages of the C library.
{ sources }:
let
  source = name: builtins.path { path = sources + "/${name}"; inherit name; };

  raw = name: script: attrs: derivation ({
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/bash";
    args = [ script ];
  } // attrs);

  mkDerivation = { name, inputs ? [ ], ... }@attrs: derivation ({
    system = builtins.currentSystem;
    builder = "/bin/bash";
    args = [ ./stdenv/builder.sh ];
    inherit (self) cc;
  } // attrs // { inputs = inputs; });

  call = file: import file (self // { inherit mkDerivation source raw; });

  self = {
    glibc = raw "glibc-2.36" ./stdenv/glibc.sh { deb = source "libc6.deb"; };
    gcclib = raw "gcc-12-lib" ./stdenv/gcc-lib.sh {
      inherit (self) glibc;
      libgcc = source "libgcc-s1.deb";
      libstdcxx = source "libstdc++6.deb";
    };
    cc = raw "gcc-wrapper" ./stdenv/cc-wrapper.sh { inherit (self) glibc gcclib; };
    zlib = call ./pkgs/zlib.nix;
    ncurses = call ./pkgs/ncurses.nix;
    bash = call ./pkgs/bash.nix;
    coreutils = call ./pkgs/coreutils.nix;
    sed = call ./pkgs/sed.nix;
    hello = call ./pkgs/hello.nix;
    lua = call ./pkgs/lua.nix;
    sqlite = call ./pkgs/sqlite.nix;
    perl = call ./pkgs/perl.nix;
    python = call ./pkgs/python.nix;
    git = call ./pkgs/git.nix;
    ruby = call ./pkgs/ruby.nix;
    tcl = call ./pkgs/tcl.nix;
    nodeProgram = builtins.path { path = ../../node_modules/node/bin/node; name = "node-program"; };
    node = call ./pkgs/node.nix;
    probes = call ./pkgs/probes.nix;
    scripts = call ./pkgs/scripts.nix;
    languages = call ./pkgs/languages.nix;
    orchard = call ./pkgs/orchard.nix;
    compressed = call ./pkgs/compressed.nix;
    profile = call ./pkgs/profile.nix;
  };
in
self
