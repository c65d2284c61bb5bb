#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Prints what a program knows of itself: the last components only, so that the prefix does not matter. */
static const char *tail(const char *path, int components)
{
    const char *at = path + strlen(path);
    while (at > path && (at[-1] != '/' || --components > 0))
        at--;
    return at;
}

int main(int argc, char **argv)
{
    char exe[4096], comm[64] = "";
    ssize_t length = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[length > 0 ? length : 0] = 0;
    FILE *file = fopen("/proc/self/comm", "r");
    if (file && fgets(comm, sizeof comm, file))
        comm[strcspn(comm, "\n")] = 0;
    printf("exe %s argv0 %s comm %s argc %d\n", tail(exe, 3), tail(argv[0], 1), comm, argc);
    return 0;
}
