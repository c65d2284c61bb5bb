/* Memory that is taken and never given back: the process becomes another program soon. */
#ifndef UNMOOR_MEMORY_H
#define UNMOOR_MEMORY_H

#include <linux/mman.h>

#include "syscall.h"
#include "text.h"

enum { CHUNK = 256 * 1024 };

struct memory {
    char *at;
    unsigned long left;
    const char *program; /* for the message when there is no more */
};

/* Zeroed only when fresh from the kernel. */
static void *take(struct memory *memory, unsigned long size)
{
    size = (size + 15) & ~15ul;
    if (size > memory->left) {
        const unsigned long chunk = size > CHUNK ? size : CHUNK;
        const long got = syscall6(__NR_mmap, 0, chunk, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (failed(got))
            give_up(memory->program, "cannot get memory", "", got);
        memory->at = (char *)got;
        memory->left = chunk;
    }
    char *taken = memory->at;
    memory->at += size;
    memory->left -= size;
    return taken;
}

/* A text that grows; always ended by a NUL once something was appended. */
struct text {
    char *bytes;
    unsigned long length, room;
};

static void append(struct memory *memory, struct text *text, const char *bytes, unsigned long length)
{
    if (text->length + length + 1 > text->room) {
        const unsigned long room = 2 * text->room + length + 64;
        char *bigger = take(memory, room);
        memcpy(bigger, text->bytes, text->length);
        text->bytes = bigger;
        text->room = room;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = 0;
}

#endif
