/* Words to texts, as bash expands them (bash manual, "Shell Parameter Expansion"); patterns are always quoted, so literal. */
#ifndef UNMOOR_EXPAND_H
#define UNMOOR_EXPAND_H

#include "program.h"
#include "variables.h"

struct run {
    struct memory *memory;
    struct variables variables;
    const char *at;    /* in the program */
    const char *name;  /* $0 */
    const char *store; /* path of the store directory, without a slash at its end */
    const char *own;   /* path of the launcher's own directory, likewise */
    int keeps_environment;
};

/* The string at the current place; goes behind it. */
static const char *next_string(struct run *run)
{
    const char *string = run->at;
    run->at += text_length(string) + 1;
    return string;
}

/* Where a text holds another one; negative when it does not. */
static long index_of(const struct text *text, const struct text *part)
{
    for (unsigned long i = 0; i + part->length <= text->length; i++)
        if (same_name(text->bytes + i, part->bytes, part->length))
            return (long)i;
    return -1;
}

static void expand(struct run *run, struct text *out);

static struct text word(struct run *run)
{
    struct text text = {0, 0, 0};
    append(run->memory, &text, "", 0);
    expand(run, &text);
    return text;
}

/* Appends the rest of a word, up to its end. */
static void expand(struct run *run, struct text *out)
{
    for (;;) {
        const char kind = *run->at++;
        const char *put = "";
        if (kind == PART_END)
            return;
        if (kind == PART_STORE) {
            put = run->store;
        } else if (kind == PART_NAME) {
            put = run->name;
        } else if (kind == PART_OWN) {
            put = run->own;
        } else if (kind == PART_TEXT) {
            put = next_string(run);
        } else {
            const char *value = variable(&run->variables, next_string(run))->value;
            const int is_filled = value && *value;
            const struct text held = {(char *)(value ? value : ""), value ? text_length(value) : 0, 0};
            if (kind == PART_VALUE) {
                put = held.bytes;
            } else {
                const struct text operand = word(run);
                const unsigned long rest = held.length - operand.length; /* where it is not longer */
                if (kind == PART_IF_SET) {
                    put = value ? operand.bytes : "";
                } else if (kind == PART_IF_FILLED) {
                    put = is_filled ? operand.bytes : "";
                } else if (kind == PART_OR_UNSET) {
                    put = value ? value : operand.bytes;
                } else if (kind == PART_OR_EMPTY) {
                    put = is_filled ? value : operand.bytes;
                } else if (kind == PART_WITHOUT_START) {
                    const int has = held.length >= operand.length && same_name(held.bytes, operand.bytes, operand.length);
                    put = held.bytes + (has ? operand.length : 0);
                } else if (kind == PART_WITHOUT_END) {
                    const int has = held.length >= operand.length && same_name(held.bytes + rest, operand.bytes, operand.length);
                    append(run->memory, out, held.bytes, has ? rest : held.length);
                } else { /* PART_REPLACED */
                    const struct text by = word(run);
                    const long found = operand.length > 0 ? index_of(&held, &operand) : -1;
                    if (found >= 0) {
                        append(run->memory, out, held.bytes, (unsigned long)found);
                        append(run->memory, out, by.bytes, by.length);
                        put = held.bytes + found + operand.length;
                    } else {
                        put = held.bytes;
                    }
                }
            }
        }
        append(run->memory, out, put, text_length(put));
    }
}

#endif
