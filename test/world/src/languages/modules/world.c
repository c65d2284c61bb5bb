#include <stdio.h>
const char *world_words(void) {
  static char line[80];
  FILE *file = fopen(WORLD_DATA "/words", "r");
  if (!file || !fgets(line, sizeof line, file)) return "nothing";
  fclose(file);
  return line;
}
