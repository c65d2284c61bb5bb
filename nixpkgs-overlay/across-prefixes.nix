# A check: the relocated closure has the same bytes under several prefixes, and its programs the same output there.
#
#   acrossPrefixes hello
#   acrossPrefixes { package = hello; commands = [ "hello --greeting hi" ]; }
{ lib, runCommand, unmoor, unmoor-stub }:
argument:
let
  package = argument.package or argument;
  program = package.meta.mainProgram or (lib.getName package);
  commands = if argument ? package && argument ? commands then argument.commands else [ "${program} --version" ];
  runs = map (command: "--run ${lib.escapeShellArg command}") commands;
in
runCommand "${lib.getName package}-across-prefixes" { nativeBuildInputs = [ unmoor ]; } ''
  export HOME=$TMPDIR UNMOOR_STUB_DIR=${unmoor-stub}
  mkdir $out
  if ! unmoor verify ${package} ${toString runs} --output $out/report.txt; then
    cat $out/report.txt >&2 || :
    exit 1
  fi
  cat $out/report.txt
''
