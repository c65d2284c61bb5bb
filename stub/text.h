/* Bounded texts on the stack, and the message of a stub that gives up. */
#ifndef UNMOOR_TEXT_H
#define UNMOOR_TEXT_H

#include "syscall.h"

enum { PATH_SIZE = 4096 };

/* A path under construction; `length` counts without the NUL. */
struct path {
    unsigned length;
    int overflow;
    char bytes[PATH_SIZE];
};

/* gcc copies structures with a call to it. */
__attribute__((used, visibility("hidden"))) void *memcpy(void *to, const void *from, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

static inline unsigned text_length(const char *text)
{
    unsigned length = 0;
    while (text[length])
        length++;
    return length;
}

static inline void path_append(struct path *path, const char *text, unsigned length)
{
    if (path->length + length >= PATH_SIZE) {
        path->overflow = 1;
        return;
    }
    for (unsigned i = 0; i < length; i++)
        path->bytes[path->length + i] = text[i];
    path->length += length;
    path->bytes[path->length] = 0;
}

/* Length up to the last slash, which is left out; 0 when there is none. */
static inline unsigned directory_length(const char *bytes, unsigned length)
{
    while (length > 0 && bytes[length - 1] != '/')
        length--;
    return length > 0 ? length - 1 : 0;
}

static inline void say(const char *text) { syscall3(__NR_write, 2, text, text_length(text)); }

static inline void __attribute__((noreturn)) give_up(const char *program, const char *what, const char *detail, long error)
{
    say("unmoor: ");
    say(program ? program : "this program");
    say(": ");
    say(what);
    say(detail);
    if (error < 0) {
        char digits[] = " (errno 000)\n";
        digits[8] = '0' + (char)((-error / 100) % 10);
        digits[9] = '0' + (char)((-error / 10) % 10);
        digits[10] = '0' + (char)(-error % 10);
        say(digits);
    } else {
        say("\n");
    }
    for (;;)
        syscall1(__NR_exit_group, 127);
}

#endif
