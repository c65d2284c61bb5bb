/*
 * Times the start of several commands as a shell would start them (posix_spawn, wait), in shuffled order, so that
 * drift of the machine falls on all alike. Commands come on standard input, one a line, words separated by tabs.
 * Prints one line per command: its runs in nanoseconds, separated by spaces.
 *
 * usage: start-times ROUNDS < commands
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MAX_COMMANDS = 64, MAX_WORDS = 64 };

static char *commands[MAX_COMMANDS][MAX_WORDS + 1];

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static long long run(char **argv, posix_spawn_file_actions_t *actions)
{
    pid_t pid;
    int status;
    long long start = now();
    int error = posix_spawn(&pid, argv[0], actions, NULL, argv, environ);
    if (error != 0) {
        fprintf(stderr, "start-times: %s: %s\n", argv[0], strerror(error));
        exit(1);
    }
    waitpid(pid, &status, 0);
    long long spent = now() - start;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "start-times: %s ended with status %d\n", argv[0], status);
        exit(1);
    }
    return spent;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 200, count = 0;
    static char line[1 << 16];
    while (count < MAX_COMMANDS && fgets(line, sizeof line, stdin)) {
        int words = 0;
        line[strcspn(line, "\n")] = 0;
        for (char *word = strtok(strdup(line), "\t"); word && words < MAX_WORDS; word = strtok(NULL, "\t"))
            commands[count][words++] = word;
        if (words > 0)
            count++;
    }
    if (count == 0 || rounds < 1)
        return 2;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    long long *times = calloc((size_t)count * rounds, sizeof *times);
    int order[MAX_COMMANDS];
    for (int i = 0; i < count; i++)
        order[i] = i;
    srand(1);
    for (int i = 0; i < count * 3; i++)
        run(commands[i % count], &actions);
    for (int round = 0; round < rounds; round++) {
        for (int i = count - 1; i > 0; i--) {
            int j = rand() % (i + 1), kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        for (int i = 0; i < count; i++)
            times[(size_t)order[i] * rounds + round] = run(commands[order[i]], &actions);
    }
    for (int i = 0; i < count; i++) {
        for (int round = 0; round < rounds; round++)
            printf("%lld ", times[(size_t)i * rounds + round]);
        printf("\n");
    }
    return 0;
}
