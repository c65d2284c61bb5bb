/* The rival in the start benchmark: a static program that starts another through its loader, both named at compile time. */
#include <unistd.h>

int main(int argc, char **argv)
{
    char *command[256] = {LOADER, "--argv0", argv[0], PROGRAM};
    for (int i = 1; i < argc && i < 251; i++)
        command[i + 3] = argv[i];
    execv(LOADER, command);
    return 127;
}
