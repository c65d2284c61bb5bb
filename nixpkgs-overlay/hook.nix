# The setup hook for nativeBuildInputs.
{ makeSetupHook, unmoor, unmoor-stub, targetPackages ? { } }:
makeSetupHook {
  name = "relocatable-hook";
  substitutions = {
    unmoor = "${unmoor}/bin/unmoor";
    # Of the platform that the rewritten programs run on, not of the one that builds.
    stub = "${targetPackages.unmoor-stub or unmoor-stub}";
  };
} ./relocatable-hook.sh
