/*
 * The configuration that the patcher writes behind the stub's code. The TypeScript side of this layout is
 * src/syntax/loader-stub-config.ts. All numbers are little-endian.
 */
#ifndef UNMOOR_CONFIG_H
#define UNMOOR_CONFIG_H

#include <stdint.h>

struct config {
    char magic[8];             /* "UNMOOR\0\1" */
    uint64_t stub_address;     /* virtual address of the stub's first byte, as linked */
    uint64_t original_entry;   /* e_entry before */
    uint64_t debug_address;    /* address of DT_DEBUG's value, 0 if there is none */
    uint32_t strip_components; /* from the program's path up to the store directory, the file name is one */
    uint32_t flags; /* alias.h */
    uint32_t alias_fd;
    uint32_t loader_offset; /* from the configuration's start to the loader's path below the store directory */
    uint32_t length;
    uint32_t reserved;
};

#endif
