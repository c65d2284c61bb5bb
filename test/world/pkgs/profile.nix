# A profile as symlinkJoin and buildEnv make it: absolute links across objects, links to whole directories too.
{ mkDerivation, hello, git, scripts, coreutils, python, ... }:
mkDerivation {
  name = "profile";
  src = null;
  unpackPhase = ":";
  configurePhase = ":";
  buildPhase = ":";
  installPhase = ''
    mkdir -p $out/bin $out/lib
    for package in ${hello} ${git} ${scripts} ${python}; do
      for program in $package/bin/*; do ln -sf $program $out/bin/; done
    done
    for library in ${python}/lib/*.so*; do ln -s $library $out/lib/; done
    ln -s ${git}/libexec $out/libexec
    ln -s ${hello}/share $out/share
  '';
  fixupPhase = ":";
}
