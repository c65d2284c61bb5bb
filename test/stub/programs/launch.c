/* Starts a program in an unusual way: launch MODE PROGRAM [ARGUMENT...] */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

/* As sandboxes do that want programs not to look around. */
static void deny_readlink(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_readlinkat, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_readlink, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        perror("seccomp"), exit(1);
}

/* `target` opened as O_PATH (or not), at the alias' descriptor. */
static void occupy(const char *target, int flags)
{
    int fd = open(target, flags);
    if (fd < 0 || dup2(fd, ALIAS_FD) < 0)
        perror(target), exit(1);
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    const char *mode = argv[1];
    char **rest = argv + 2;
    if (strcmp(mode, "fexecve") == 0 || strcmp(mode, "fexecve-cloexec") == 0) {
        fexecve(open(rest[0], O_RDONLY | (mode[7] ? O_CLOEXEC : 0)), rest, environ);
    } else if (strcmp(mode, "memfd") == 0) {
        struct stat status;
        int from = open(rest[0], O_RDONLY), to = memfd_create("copy", 0);
        fstat(from, &status);
        if (sendfile(to, from, NULL, status.st_size) == status.st_size)
            fexecve(to, rest, environ);
    } else if (strcmp(mode, "no-readlink") == 0) {
        deny_readlink();
        execv(rest[0], rest);
    } else if (strcmp(mode, "occupy-path") == 0) {
        occupy(rest[0], O_PATH);
        execv(rest[1], rest + 1);
    } else if (strcmp(mode, "occupy") == 0) {
        occupy(rest[0], O_RDONLY);
        execv(rest[1], rest + 1);
    } else if (strcmp(mode, "fill") == 0) { /* every descriptor below rest[0] */
        int last = atoi(rest[0]);
        for (int fd = 3; fd < last; fd++)
            dup2(0, fd);
        execv(rest[1], rest + 1);
    } else if (strcmp(mode, "nameless") == 0) {
        const char *file = rest[0];
        rest[0] = "";
        execv(file, rest);
    } else if (strcmp(mode, "many") == 0) { /* arguments and environment of more than 256 KiB */
        enum { COUNT = 300, LENGTH = 1000 };
        char *arguments[COUNT + 2] = {rest[0]}, *variables[COUNT + 1] = {NULL};
        for (int i = 0; i < COUNT; i++) {
            arguments[i + 1] = memset(calloc(1, LENGTH), 'a' + i % 26, LENGTH - 1);
            variables[i] = memset(calloc(1, LENGTH), 'A' + i % 26, LENGTH - 1);
            variables[i][1] = '=';
        }
        execve(rest[0], arguments, variables);
    }
    perror(mode);
    return 1;
}
