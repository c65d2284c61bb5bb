/*
 * Starts programs, one after the other, and tells what each did. Without a shell or a library between, so that names,
 * arguments and environment are exactly those of a case.
 *
 * standard input: for each case, as texts that end with a NUL: path, directory, number of arguments, arguments (the first is
 *   argv[0]), number of environment entries, entries
 * standard output: for each case "STATUS LENGTH LENGTH\n", then what it wrote to standard output and standard error
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char *input, *at, *end;

static char *next(void)
{
    char *text = at;
    at += strlen(at) + 1;
    return text;
}

static char **list(void)
{
    int count = atoi(next());
    char **texts = calloc(count + 1, sizeof *texts);
    for (int i = 0; i < count; i++)
        texts[i] = next();
    return texts;
}

static void print_file(int file, long length)
{
    char *bytes = malloc(length + 1);
    if (pread(file, bytes, length, 0) != length)
        exit(3);
    fwrite(bytes, 1, length, stdout);
    free(bytes);
}

int main(void)
{
    size_t size = 0, got;
    input = malloc(1 << 20);
    while ((got = fread(input + size, 1, 1 << 20, stdin)) > 0) {
        size += got;
        input = realloc(input, size + (1 << 20));
    }
    at = input;
    end = input + size;
    while (at < end) {
        char *path = next(), *directory = next(), **argv = list(), **environment = list();
        int out = memfd_create("out", 0), err = memfd_create("err", 0), status;
        pid_t child = vfork();
        if (child == 0) {
            if (chdir(directory) != 0)
                _exit(121);
            dup2(out, 1);
            dup2(err, 2);
            close(out);
            close(err);
            execve(path, argv, environment);
            dprintf(2, "cases: %s\n", strerror(errno));
            _exit(122);
        }
        waitpid(child, &status, 0);
        long written = lseek(out, 0, SEEK_END), told = lseek(err, 0, SEEK_END);
        printf("%d %ld %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), written, told);
        print_file(out, written);
        print_file(err, told);
        close(out);
        close(err);
        free(argv);
        free(environment);
    }
    return 0;
}
