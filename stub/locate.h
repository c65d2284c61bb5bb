/*
 * Where the program lies, and with it the store directory: /proc/self/exe, which is the physical path of the file that
 * the kernel started; without /proc the name that was given to execve (AT_EXECFN).
 */
#ifndef UNMOOR_LOCATE_H
#define UNMOOR_LOCATE_H

#include <linux/errno.h>
#include <linux/fcntl.h>

#include "text.h"

enum { MAX_LINKS = 40 }; /* as the kernel: path_resolution(7) */

/* Takes components off the end; 0 when there are not enough. */
static int strip(struct path *path, unsigned components)
{
    for (unsigned i = 0; i < components; i++) {
        if (path->length == 0)
            return 0;
        path->length = directory_length(path->bytes, path->length);
    }
    path->bytes[path->length] = 0;
    return 1;
}

/* Opens a directory for use with openat; negative when it is none. */
static long open_directory(const struct path *path)
{
    return syscall4(__NR_openat, AT_FDCWD, path->length > 0 ? path->bytes : "/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
}

/*
 * The program's path by /proc/self/exe; 0 when there is no /proc, or none that knows a path: "(unreachable)/..." lies
 * outside of the root directory (proc(5)). glibc looks in the same way for $ORIGIN (sysdeps/unix/sysv/linux/dl-origin.c).
 */
static int program_by_proc(struct path *program)
{
    path_start(program);
    long length = syscall4(__NR_readlinkat, AT_FDCWD, "/proc/self/exe", program->bytes, PATH_SIZE - 1);
    if (failed(length) || program->bytes[0] != '/')
        return 0;
    program->bytes[length] = 0;
    program->length = (unsigned)length;
    return 1;
}

/* The store directory above a program; cuts the program's path down to it. */
static long locate_above(struct path *program, unsigned components)
{
    return strip(program, components) ? open_directory(program) : -ENOENT;
}

/*
 * The program's directory by its name: links of the last component are followed here, those of directories by the
 * kernel, since ".." behind them is resolved physically.
 */
static long directory_by_name(struct path *program, const char *name)
{
    path_start(program);
    if (name[0] != '/') {
        long length = syscall2(__NR_getcwd, program->bytes, PATH_SIZE - 1);
        if (failed(length))
            return length;
        program->length = (unsigned)length - 1;
        path_append(program, "/", 1);
    }
    path_append(program, name, text_length(name));
    for (int links = 0; links < MAX_LINKS && !program->overflow; links++) {
        char target[PATH_SIZE];
        long length = syscall4(__NR_readlinkat, AT_FDCWD, program->bytes, target, PATH_SIZE - 1);
        if (failed(length))
            break;
        program->length = target[0] == '/' ? 0 : directory_length(program->bytes, program->length) + 1;
        path_append(program, target, (unsigned)length);
    }
    if (program->overflow)
        return -ENAMETOOLONG;
    program->length = directory_length(program->bytes, program->length);
    program->bytes[program->length] = 0;
    return 0;
}

/*
 * The store directory by AT_EXECFN; leaves the program's directory in `origin`. In a frame of its own, since it is large
 * and hardly ever needed.
 */
static __attribute__((noinline)) long locate_by_name(struct path *store, struct path *origin, const char *name, unsigned components)
{
    path_start(store);
    long error = directory_by_name(origin, name);
    if (failed(error))
        return error;
    path_append(store, origin->bytes, origin->length);
    for (unsigned i = 1; i < components; i++)
        path_append(store, "/..", 3);
    return store->overflow ? -ENAMETOOLONG : open_directory(store);
}

#endif
