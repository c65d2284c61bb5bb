package ifneeded world 1.0 [list source @out@/lib/tcl/world/world.tcl]
