/* What the kernel put on the stack of a new process, and what the entry code expects back. */
#ifndef UNMOOR_START_H
#define UNMOOR_START_H

#include <elf.h>
#include <stdint.h>

/* Returned in two registers: rax and rdx, x0 and x1. */
struct next {
    uintptr_t entry;
    uintptr_t stack;
};

/* System V ABI, "Initial Process Stack". */
struct start {
    uintptr_t *stack;
    char **environment;
    Elf64_auxv_t *auxiliary;
};

static struct start read_stack(uintptr_t *stack)
{
    struct start start = {.stack = stack, .environment = (char **)(stack + stack[0] + 2)};
    char **end = start.environment;
    while (*end)
        end++;
    start.auxiliary = (Elf64_auxv_t *)(end + 1);
    return start;
}

static Elf64_auxv_t *find(Elf64_auxv_t *vector, uint64_t type)
{
    for (; vector->a_type != AT_NULL; vector++)
        if (vector->a_type == type)
            return vector;
    return 0;
}

static uintptr_t value_of(Elf64_auxv_t *vector, uint64_t type)
{
    Elf64_auxv_t *entry = find(vector, type);
    return entry ? entry->a_un.a_val : 0;
}

#endif
