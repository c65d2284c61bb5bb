# The relocated closure as one reproducible archive, NAME/bin and NAME/store.
{ lib, runCommand, relocateClosure }:
drv:
let name = lib.getName drv; in
runCommand "${name}-relocatable.tar.gz" { } ''
  tar --create --file - --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner --mode=u+w \
    --transform 'flags=r;s,^\.,${name},' --directory ${relocateClosure drv} . | gzip -9n > $out
''
