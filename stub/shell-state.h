/*
 * What bash itself does to the environment when it starts and when it starts another program in its place: PWD and OLDPWD
 * (variables.c, set_pwd), SHLVL (adjust_shlvl). And how it calls the script it reads: $0.
 */
#ifndef UNMOOR_SHELL_STATE_H
#define UNMOOR_SHELL_STATE_H

#include <asm/stat.h>

#include "alias.h"
#include "locate.h"
#include "variables.h"

enum { LEVEL_LIMIT = 1000 };

static long status_of(const char *path, struct stat *status)
{
    return syscall4(__NR_newfstatat, AT_FDCWD, path, status, 0);
}

static int same_path(const char *one, const char *other)
{
    struct stat a, b;
    return !failed(status_of(one, &a)) && !failed(status_of(other, &b)) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int same_text(const char *one, const char *other)
{
    return same_name(one, other, text_length(other) + 1);
}

/* A number as bash reads it (general.c, legal_number): blanks around it, a sign; anything else counts as 0. */
static long level_of(const char *text)
{
    long level = 0;
    while (*text == ' ' || (*text >= '\t' && *text <= '\r'))
        text++;
    const int is_negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (*text < '0' || *text > '9')
        return 0;
    for (; *text >= '0' && *text <= '9'; text++)
        level = level < LEVEL_LIMIT ? 10 * level + (*text - '0') : LEVEL_LIMIT;
    while (*text == ' ' || *text == '\t')
        text++;
    return *text ? 0 : is_negative ? -level : level;
}

/* Bounds of a level: none is negative, and too high a one is 1 again. */
static long bounded(long level) { return level < 0 ? 0 : level >= LEVEL_LIMIT ? 1 : level; }

/* One up at the start, one down for the program that takes the shell's place. */
static void finish_shell_level(struct variables *variables)
{
    const char *value = variable(variables, "SHLVL")->value;
    const long level = bounded(bounded((value ? level_of(value) : 0) + 1) - 1);
    char *digits = take(variables->memory, 16), *at = digits;
    if (level >= 100)
        *at++ = (char)('0' + level / 100);
    if (level >= 10)
        *at++ = (char)('0' + level / 10 % 10);
    *at++ = (char)('0' + level % 10);
    *at = 0;
    set_exported(variables, "SHLVL", digits);
}

static void import_shell_state(struct variables *variables)
{
    struct stat status;
    const char *directory = variable(variables, "PWD")->value;
    if (!directory || directory[0] != '/' || !same_path(directory, ".")) {
        char *own = take(variables->memory, PATH_SIZE);
        if (!failed(syscall2(__NR_getcwd, own, PATH_SIZE)) && own[0] == '/')
            set_exported(variables, "PWD", own);
    }
    struct variable *old = variable(variables, "OLDPWD");
    old->exported = 1;
    if (old->value && (failed(status_of(old->value, &status)) || (status.st_mode & 0170000) != 0040000))
        old->value = 0;
}

/* By the name that was given to execve. The path it gives has `..` in it; the kernel knows a better one. */
static __attribute__((noinline)) long locate_without_proc(struct path *store, struct text *own, struct memory *memory,
                                                          const char *name, unsigned components)
{
    struct path origin;
    const long directory = locate_by_name(store, &origin, name, components);
    append(memory, own, origin.bytes, origin.length);
    const long here = syscall4(__NR_openat, AT_FDCWD, ".", O_PATH | O_CLOEXEC, 0);
    if (!failed(directory) && !failed(here) && !failed(syscall1(__NR_fchdir, directory))) {
        const long length = syscall2(__NR_getcwd, origin.bytes, PATH_SIZE);
        if (!failed(length) && origin.bytes[0] == '/')
            memcpy(store->bytes, origin.bytes, (unsigned long)length);
        syscall1(__NR_fchdir, here);
    }
    if (!failed(here))
        syscall1(__NR_close, here);
    return directory;
}

/*
 * The store directory, its path in `store`, the launcher's own directory in `own`. `name` is what was given to execve; it becomes $0 as bash would have it: a
 * launcher that is the interpreter of a script is given that script's name there, and its own as argv[0].
 */
static long locate_store(struct path *store, struct text *own, struct memory *memory, const char **name,
                         const char *argv0, unsigned components)
{
    if (program_by_proc(store)) {
        append(memory, own, store->bytes, directory_length(store->bytes, store->length));
        if (!*name || !same_text(*name, store->bytes)) {
            if (argv0 && *name && !same_text(*name, argv0) && !same_path(*name, store->bytes))
                *name = argv0;
            if (!*name)
                *name = argv0 ? argv0 : "";
        }
        return locate_above(store, components);
    }
    return *name ? locate_without_proc(store, own, memory, *name, components) : -ENOENT;
}

#endif
