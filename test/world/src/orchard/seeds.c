#include "orchard.h"
#include <zlib.h>

int orchard_seeds(const char *name) { return zlibVersion()[0] == '1' ? orchard_lines(name) : -1; }
