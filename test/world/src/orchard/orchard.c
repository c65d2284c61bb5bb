#include "orchard.h"
#include <zlib.h>

int orchard_lines(const char *name) {
  char line[256];
  int lines = 0;
  gzFile file = gzopen(name, "rb");
  if (!file) return -1;
  while (gzgets(file, line, sizeof line)) lines++;
  gzclose(file);
  return lines;
}
