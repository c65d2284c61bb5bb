package provide world 1.0
namespace eval world {
  variable data "@out@/share/world"
  proc words {} { variable data; set f [open $data/words]; set line [gets $f]; close $f; return $line }
}
