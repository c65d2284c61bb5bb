/** C programs that say what they see, for comparing an original with its relocated self. */

/** Arguments, environment, what the kernel says of the program; paths cut down so that the prefix does not matter. */
export const reporter = `
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>
extern char **environ;
static const char *tail(const char *p) { const char *s = strstr(p, "/store/"); return s ? s : p; }
int main(int argc, char **argv) {
  char exe[5000]; ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  if (n < 0) n = 0;
  exe[n] = 0;
  printf("exe %s\\n", tail(exe));
  for (int i = 0; i < argc; i++) printf("arg %d [%s]\\n", i, i ? argv[i] : strrchr(argv[0], '/') ? strrchr(argv[0], '/') : argv[0]);
  for (char **e = environ; *e; e++) printf("env %s\\n", *e);
  printf("uid %lu secure %lu pagesz %lu random %d hwcap %d\\n", getauxval(AT_UID), getauxval(AT_SECURE), getauxval(AT_PAGESZ), getauxval(AT_RANDOM) != 0, getauxval(AT_HWCAP) != 0);
  printf("entry %d phdr %d base %d\\n", getauxval(AT_ENTRY) != 0, getauxval(AT_PHDR) != 0, getauxval(AT_BASE) != 0);
  if (getenv("MAPS")) { FILE *f = fopen("/proc/self/maps", "r"); char l[6000]; while (f && fgets(l, sizeof l, f)) { char *s = strchr(l, '/'); if (s) fprintf(stderr, "%s", s); } }
  return 0;
}
`;

/** Reads a file by a compiled-in path. */
export const reader = `
#include <stdio.h>
const char *const path = DATA;
int main(void) { char l[100]; FILE *f = fopen(path, "r"); if (!f) { perror("open"); return 1; } if (fgets(l, sizeof l, f)) fputs(l, stdout); return 0; }
`;
