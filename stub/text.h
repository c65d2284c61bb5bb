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

static inline void path_start(struct path *path)
{
    path->length = 0;
    path->overflow = 0;
    path->bytes[0] = 0;
}

static inline void path_append(struct path *path, const char *text, unsigned length)
{
    if (path->length + length >= PATH_SIZE) {
        path->overflow = 1;
        return;
    }
    memcpy(path->bytes + path->length, text, length);
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

/* The errors that opening, mapping and starting a file give: number, text, NUL. One text, since a table would hold addresses. */
static const char error_texts[] = "\001Operation not permitted\0"
                                  "\002No such file or directory\0"
                                  "\005Input/output error\0"
                                  "\007Argument list too long\0"
                                  "\013Resource temporarily unavailable\0"
                                  "\014Cannot allocate memory\0"
                                  "\015Permission denied\0"
                                  "\024Not a directory\0"
                                  "\025Is a directory\0"
                                  "\026Invalid argument\0"
                                  "\027Too many open files in system\0"
                                  "\030Too many open files\0"
                                  "\032Text file busy\0"
                                  "\044File name too long\0"
                                  "\050Too many levels of symbolic links\0"
                                  "\120Accessing a corrupted shared library\0";

/* A line for standard error, written at once so that it stays one line when many processes write. */
struct line {
    unsigned length;
    char bytes[3 * PATH_SIZE];
};

/* Appends as much as there is room for. Control characters, as paths may hold, would break or fake lines. */
static void line_append(struct line *line, const char *text)
{
    for (; *text && line->length < sizeof line->bytes - 1; text++)
        line->bytes[line->length++] = (unsigned char)*text < ' ' || *text == 127 ? '?' : *text;
}

static void line_append_error(struct line *line, long error)
{
    for (const char *text = error_texts; *text; text += text_length(text) + 1) {
        if (*text == -error) {
            line_append(line, text + 1);
            return;
        }
    }
    char digits[] = "error 000";
    for (long place = 8, rest = -error; place > 5; place--, rest /= 10)
        digits[place] = '0' + (char)(rest % 10);
    line_append(line, digits);
}

/*
 * Ends the process: "unmoor: PROGRAM: WHAT PATH: REASON". 127 is what a shell returns for a program that it cannot
 * start. `path` may be empty; the reason is `error` (a negative errno) when it is not 0.
 */
static void __attribute__((noreturn, noinline)) give_up(const char *program, const char *what, const char *path, long error)
{
    struct line line;
    line.length = 0;
    line_append(&line, "unmoor: ");
    line_append(&line, program ? program : "this program");
    line_append(&line, ": ");
    line_append(&line, what);
    if (*path) {
        line_append(&line, " ");
        line_append(&line, path);
    }
    if (error < 0) {
        line_append(&line, ": ");
        line_append_error(&line, error);
    }
    line.bytes[line.length++] = '\n';
    syscall3(__NR_write, 2, line.bytes, line.length);
    for (;;)
        syscall1(__NR_exit_group, 127);
}

#endif
