# The audit of a package's closure: audit.json, audit.txt, and index.html for people.
{ lib, runCommand, unmoor }:
drv:
runCommand "${lib.getName drv}-relocation-audit" { nativeBuildInputs = [ unmoor ]; } ''
  export HOME=$TMPDIR
  mkdir $out
  # Findings are what the report is for.
  report() {
    unmoor audit ${drv} --closure --fail-on never --format "$1" --output "$out/$2"
  }
  report json audit.json
  report text audit.txt
  report html index.html
''
