/*
 * The store alias: the store directory at a fixed descriptor, so that the compiled-in path /dev/fd/NN/<object> leads
 * into it. A descriptor that the program inherited for something else is never touched.
 */
#ifndef UNMOOR_ALIAS_H
#define UNMOOR_ALIAS_H

#include <linux/fcntl.h>

#include "config.h"
#include "syscall.h"

/* The first two members of struct stat, alike on x86-64 and aarch64; the rest is not looked at. */
struct identity {
    unsigned long device, inode, rest[30];
};

static int same_file(long a, long b)
{
    struct identity one, other;
    return !failed(syscall2(__NR_fstat, a, &one)) && !failed(syscall2(__NR_fstat, b, &other)) &&
           one.device == other.device && one.inode == other.inode;
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

static void open_alias(const struct config *config, long store)
{
    if (config->flags & FLAG_NO_ALIAS)
        return;
    long target = config->alias_fd;
    long state = syscall3(__NR_fcntl, target, F_GETFD, 0);
    long flags = config->flags & FLAG_CLOSE_ON_EXEC ? O_CLOEXEC : 0;
    if (!failed(state)) {
        if (same_file(target, store)) {
            /* Inherited from a program that hands it on; this one may have to close it. */
            if (flags && !(state & FD_CLOEXEC))
                syscall3(__NR_fcntl, target, F_SETFD, FD_CLOEXEC);
            return;
        }
        if (!is_other_alias(target))
            return;
    }
    /* Fails where the limit on descriptors is lower (RLIMIT_NOFILE): the program goes without. */
    syscall3(__NR_dup3, store, target, flags);
}

#endif
