/*
 * The store alias: the store directory at a fixed descriptor, so that the compiled-in path /dev/fd/NN/<object> leads
 * into it. A descriptor that the program inherited for something else is never touched.
 */
#ifndef UNMOOR_ALIAS_H
#define UNMOOR_ALIAS_H

#include <linux/fcntl.h>

#include <asm/stat.h>

#include "syscall.h"

/* Flags of a configuration. */
enum {
    FLAG_CLOSE_ON_EXEC = 1, /* open the store alias close-on-exec */
    FLAG_NO_ALIAS = 2,      /* do not open the store alias */
};

static int same_file(long a, long b)
{
    struct stat one, other;
    return !failed(syscall2(__NR_fstat, a, &one)) && !failed(syscall2(__NR_fstat, b, &other)) &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/*
 * Whether the descriptor is the alias of another relocated store, left by a program of that store that started this
 * one: opened with O_PATH, and the directory bears the marker that a relocation writes.
 */
static int is_other_alias(long descriptor)
{
    long flags = syscall3(__NR_fcntl, descriptor, F_GETFL, 0);
    return !failed(flags) && (flags & O_PATH) && !failed(syscall3(__NR_faccessat, descriptor, ".unmoor-store", 0));
}

/*
 * Takes over `store`, a descriptor that is close-on-exec: it becomes the alias, or is closed. To be called when the stub
 * has no other descriptor open, which might be the alias' one.
 */
static void open_alias(unsigned alias_fd, unsigned policy, long store)
{
    const long target = alias_fd;
    const long flags = policy & FLAG_CLOSE_ON_EXEC ? O_CLOEXEC : 0;
    if (policy & FLAG_NO_ALIAS) {
        syscall1(__NR_close, store);
        return;
    }
    if (store == target) { /* all below it are taken, so the kernel gave this one */
        if (!flags)
            syscall3(__NR_fcntl, target, F_SETFD, 0);
        return;
    }
    long state = syscall3(__NR_fcntl, target, F_GETFD, 0);
    if (!failed(state) && same_file(target, store)) {
        /* Inherited from a program that hands it on; this one may have to close it. */
        if (flags)
            syscall3(__NR_fcntl, target, F_SETFD, FD_CLOEXEC);
    } else if (failed(state) || is_other_alias(target)) {
        /* Fails where the limit on descriptors is lower (RLIMIT_NOFILE): the program goes without. */
        syscall3(__NR_dup3, store, target, flags);
    }
    syscall1(__NR_close, store);
}

#endif
