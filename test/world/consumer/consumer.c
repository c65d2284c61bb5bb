#include <orchard.h>
#include <stdio.h>

int main(void) {
  printf("%d trees, %d seeds\n", orchard_lines(TREES), orchard_seeds(SEEDS));
  return 0;
}
