# The finished closure of a package, straight from the store or a binary cache, as one output that runs anywhere:
# store/ with the rewritten objects, bin/ with links to the package's programs. Nothing is built again.
{ lib, runCommand, unmoor, unmoor-stub }:
drv:
runCommand "${lib.getName drv}-relocated"
{
  nativeBuildInputs = [ unmoor ];
  meta = (drv.meta or { }) // { relocatable = true; };
}
  ''
    export HOME=$TMPDIR UNMOOR_STUB_DIR=${unmoor-stub}
    unmoor relocate ${drv} --wrappers ${drv.relocatableWrappers or "text"} --scripts ${drv.relocatableScripts or "text"} --to "$TMPDIR/relocated"
    mv "$TMPDIR/relocated" $out
  ''
