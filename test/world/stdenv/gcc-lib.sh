# The compiler's run-time libraries, from their Debian packages.
set -eu
PATH=/usr/bin:/bin
dpkg-deb -x "$libgcc" unpacked
dpkg-deb -x "$libstdcxx" unpacked
mkdir -p "$out/lib"
find unpacked -name 'lib*.so*' -not -path '*/debug/*' -not -name '*.py' -exec cp -a {} "$out/lib/" \;
chmod -R u+w "$out"
for file in "$out"/lib/lib*.so*; do
  [ -L "$file" ] || patchelf --set-rpath "$out/lib:$glibc/lib" "$file"
done
