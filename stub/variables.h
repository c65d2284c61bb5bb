/*
 * The variables that a wrapper touches, as bash keeps them: imported from the environment, where the last of several
 * entries of one name counts, and handed on when they are exported.
 */
#ifndef UNMOOR_VARIABLES_H
#define UNMOOR_VARIABLES_H

#include "memory.h"

struct variable {
    const char *name;
    const char *value; /* 0: unset */
    int exported;
};

struct variables {
    struct memory *memory;
    char **environment;
    struct variable *table;
    unsigned count;
};

/* Length of an entry's name; 0 for what bash takes for no variable. */
static unsigned name_length(const char *entry)
{
    unsigned length = 0;
    while (entry[length] && entry[length] != '=')
        length++;
    return entry[length] ? length : 0;
}

static int same_name(const char *entry, const char *name, unsigned length)
{
    for (unsigned i = 0; i < length; i++)
        if (entry[i] != name[i])
            return 0;
    return 1;
}

static struct variable *variable(struct variables *variables, const char *name)
{
    const unsigned length = text_length(name);
    for (unsigned i = 0; i < variables->count; i++) {
        struct variable *known = variables->table + i;
        if (same_name(known->name, name, length + 1))
            return known;
    }
    struct variable *fresh = variables->table + variables->count++;
    *fresh = (struct variable){.name = name};
    for (char **entry = variables->environment; *entry; entry++) {
        if (name_length(*entry) == length && same_name(*entry, name, length)) {
            fresh->value = *entry + length + 1;
            fresh->exported = 1;
        }
    }
    return fresh;
}

static void set_exported(struct variables *variables, const char *name, const char *value)
{
    struct variable *changed = variable(variables, name);
    changed->value = value;
    changed->exported = 1;
}

static unsigned long hash_of(const char *name, unsigned length)
{
    unsigned long hash = 5381;
    for (unsigned i = 0; i < length; i++)
        hash = hash * 33 + (unsigned char)name[i];
    return hash ^ hash >> 15;
}

static int is_touched(const struct variables *variables, const char *entry, unsigned length)
{
    for (unsigned i = 0; i < variables->count; i++) {
        const char *name = variables->table[i].name;
        if (name[0] == entry[0] && text_length(name) == length && same_name(entry, name, length))
            return 1;
    }
    return 0;
}

/* The environment for the program that is started: other variables as they came, each name once, then those of the wrapper. */
static char **new_environment(const struct variables *variables)
{
    struct memory *memory = variables->memory;
    unsigned long count = 0, slots = 16;
    while (variables->environment[count])
        count++;
    while (slots < 2 * count)
        slots *= 2;
    char **result = take(memory, (count + variables->count + 1) * sizeof *result);
    char **seen = take(memory, slots * sizeof *seen);
    for (unsigned long i = 0; i < slots; i++)
        ((char *volatile *)seen)[i] = 0;
    /* From behind, since the last entry of a name counts; what is kept gathers at the end of the room. */
    char **first = result + count;
    for (unsigned long i = count; i-- > 0;) {
        char *entry = variables->environment[i];
        const unsigned length = name_length(entry);
        if (length == 0 || is_touched(variables, entry, length))
            continue;
        unsigned long slot = hash_of(entry, length) & (slots - 1);
        while (seen[slot] && !same_name(seen[slot], entry, length + 1))
            slot = (slot + 1) & (slots - 1);
        if (!seen[slot])
            *--first = seen[slot] = entry;
    }
    char **end = result + count;
    for (unsigned i = 0; i < variables->count; i++) {
        const struct variable *own = variables->table + i;
        if (!own->value || !own->exported)
            continue;
        struct text entry = {0, 0, 0};
        append(memory, &entry, own->name, text_length(own->name));
        append(memory, &entry, "=", 1);
        append(memory, &entry, own->value, text_length(own->value));
        *end++ = entry.bytes;
    }
    *end = 0;
    return first;
}

#endif
