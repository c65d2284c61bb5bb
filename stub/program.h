/*
 * What a launcher does, in the order in which it does it: operations and words as bytes, written behind the code by
 * src/syntax/launcher-program.ts. Strings end with a NUL.
 */
#ifndef UNMOOR_PROGRAM_H
#define UNMOOR_PROGRAM_H

#include <stdint.h>

struct launch {
    char magic[8];             /* "UNMOOR\0\2" */
    uint32_t strip_components; /* from the launcher's path up to the store directory, the file name is one */
    uint32_t flags;            /* alias.h, and FLAG_KEEP_ENVIRONMENT */
    uint32_t alias_fd;
    uint32_t variables;        /* different names in the program */
    uint32_t program_offset;   /* from the start of this structure */
    uint32_t length;           /* of this structure and the program */
};

/* A flag beside those of alias.h: hand the environment on as it came, as the kernel does for a script. */
enum { FLAG_KEEP_ENVIRONMENT = 4 };

/* Parts of a word; a word ends with PART_END. */
enum {
    PART_END = '.',
    PART_TEXT = 'T',          /* string */
    PART_STORE = 'S',         /* the store directory's path */
    PART_NAME = 'N',          /* $0 */
    PART_OWN = 'O',           /* the launcher's own directory */
    PART_VALUE = 'V',         /* name: $name */
    PART_IF_SET = '+',        /* name, word: ${name+word} */
    PART_IF_FILLED = 'P',     /* name, word: ${name:+word} */
    PART_OR_UNSET = '-',      /* name, word: ${name-word} */
    PART_OR_EMPTY = 'M',      /* name, word: ${name:-word} */
    PART_WITHOUT_START = '#', /* name, word: ${name#"word"} */
    PART_WITHOUT_END = '%',   /* name, word: ${name%"word"} */
    PART_REPLACED = '/',      /* name, word, word: ${name/"word"/"word"} */
};

/* Operations. */
enum {
    OP_ASSIGN = '=',   /* name, word: name=word */
    OP_APPEND = 'a',   /* name, word: name+=word */
    OP_EXPORT = 'x',   /* name: export name */
    OP_UNSET = 'u',    /* name: unset name */
    OP_COMMAND = 'n',  /* a command without effect on the program, such as set +u */
    OP_CHDIR = 'c',    /* line number (string), word: cd word; ends the wrapper when it fails */
    OP_TRY_CHDIR = 'C', /* the same without set -e: goes on */
    OP_UNLESS = '?',   /* word, word, 4 bytes: length of operations that are done unless the first word holds the second */
    OP_EXEC_AS = '!',  /* line number, word: argv[0], word: program, arguments, word: shell for a program without #! */
    OP_EXEC = '>',     /* the same without argv[0]: the program's path */
};

/* Arguments of OP_EXEC and OP_EXEC_AS. */
enum {
    ARGUMENT = 'w',  /* word */
    ARGUMENTS = '@', /* those that the launcher was given */
    ARGUMENT_END = '.',
};

#endif
