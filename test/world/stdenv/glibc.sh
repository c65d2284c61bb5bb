# The C library at run time, from its Debian package: loader, libraries, character conversions.
set -eu
PATH=/usr/bin:/bin
dpkg-deb -x "$deb" unpacked
mkdir -p "$out/lib"
cp -a unpacked/lib/x86_64-linux-gnu/. "$out/lib/"
cp -a unpacked/usr/lib/x86_64-linux-gnu/gconv "$out/lib/gconv"
chmod -R u+w "$out"
# Libraries find each other in their own object, not in the host's directories.
for file in "$out"/lib/lib*.so*; do
  case $file in */libc.so.6) continue ;; esac
  [ -L "$file" ] || patchelf --set-rpath "$out/lib" "$file"
done
