#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts a program by its compiled-in path, by vfork and by posix_spawn. */
int main(void)
{
    char *argv[] = {CHILD, "one", NULL};
    int status;
    pid_t pid = vfork();
    if (pid == 0) {
        execv(CHILD, argv);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    printf("vfork %d\n", WEXITSTATUS(status));
    fflush(stdout);
    int error = posix_spawn(&pid, CHILD, NULL, NULL, argv, environ);
    if (error == 0)
        waitpid(pid, &status, 0);
    printf("posix_spawn %d %d\n", error, WEXITSTATUS(status));
    return 0;
}
