#include <stdio.h>

static const char *const path = DATA;

int main(void)
{
    char line[100];
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file)) {
        perror(path);
        return 1;
    }
    fputs(line, stdout);
    return 0;
}
