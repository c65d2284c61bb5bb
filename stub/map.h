/* Maps the loader as the kernel would have done (Linux fs/binfmt_elf.c, load_elf_interp). */
#ifndef UNMOOR_MAP_H
#define UNMOOR_MAP_H

#include <elf.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <stdint.h>

#include <asm/stat.h>

#include "syscall.h"

#ifndef PROT_READ
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#endif

enum { MAX_HEADERS = 32 };

/* No loader is larger, and no sum of two such numbers overflows. */
#define MAX_SPAN (1ul << 40)

struct loader {
    uintptr_t base;
    uintptr_t entry;
};

/* Why the loader cannot be used: a text that a path follows, or none when all is well; a negative errno or 0. */
struct complaint {
    const char *text;
    long error;
};

static const char cannot_map[] = "cannot map the loader";
static const char malformed[] = "finds a damaged loader at";

static int protection(uint32_t flags)
{
    return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

static long map_memory(uintptr_t at, uintptr_t size, int prot, int flags, long fd, uintptr_t offset)
{
    return syscall6(__NR_mmap, (long)at, (long)size, prot, flags, fd, (long)offset);
}

#if defined(__x86_64__)
enum { OWN_MACHINE = EM_X86_64 };
#else
enum { OWN_MACHINE = EM_AARCH64 };
#endif

/* Where the segments lie, relative to each other. */
struct layout {
    const Elf64_Phdr *first;
    uintptr_t low, high;
};

/* The start of a loader: in all that there are, the program headers follow the file header at once. */
struct headers {
    Elf64_Ehdr file;
    Elf64_Phdr segments[MAX_HEADERS];
};

/* Reads the headers; what is wrong with them, 0 when nothing. */
static const char *read_headers(long fd, struct headers *headers)
{
    const Elf64_Ehdr *header = &headers->file;
    const long got = syscall4(__NR_pread64, fd, headers, sizeof *headers, 0);
    if (got < (long)sizeof *header)
        return malformed;
    const unsigned char *ident = header->e_ident;
    if (ident[0] != ELFMAG0 || ident[1] != ELFMAG1 || ident[2] != ELFMAG2 || ident[3] != ELFMAG3)
        return malformed;
    if (ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB || header->e_machine != OWN_MACHINE)
        return "finds a loader for another machine at";
    if (header->e_type != ET_DYN || header->e_phentsize != sizeof *headers->segments ||
        header->e_phnum == 0 || header->e_phnum > MAX_HEADERS)
        return malformed;
    const long size = (long)(header->e_phnum * sizeof *headers->segments);
    if (header->e_phoff == sizeof *header)
        return got - (long)sizeof *header >= size ? 0 : malformed;
    return syscall4(__NR_pread64, fd, headers->segments, size, header->e_phoff) == size ? 0 : malformed;
}

/*
 * Checks what would otherwise end in a signal that explains nothing: bytes that the file does not have (SIGBUS), an
 * entry point outside of the code (SIGSEGV).
 */
static const char *check_segments(const struct headers *headers, uintptr_t file_size, uintptr_t mask, struct layout *layout)
{
    const Elf64_Phdr *end = headers->segments + headers->file.e_phnum;
    int has_entry = 0;
    layout->first = 0;
    layout->low = layout->high = 0;
    for (const Elf64_Phdr *segment = headers->segments; segment < end; segment++) {
        if (segment->p_type != PT_LOAD)
            continue;
        if (segment->p_vaddr > MAX_SPAN || segment->p_memsz > MAX_SPAN || segment->p_filesz > segment->p_memsz ||
            segment->p_offset > file_size || segment->p_filesz > file_size - segment->p_offset ||
            ((segment->p_offset ^ segment->p_vaddr) & mask) || segment->p_vaddr < layout->high)
            return malformed;
        if (!layout->first) {
            layout->first = segment;
            layout->low = segment->p_vaddr & ~mask;
        }
        layout->high = segment->p_vaddr + segment->p_memsz;
        if ((segment->p_flags & PF_X) && headers->file.e_entry - segment->p_vaddr < segment->p_filesz)
            has_entry = 1;
    }
    return has_entry ? 0 : malformed;
}

/* Up to a page, so by words; volatile keeps gcc from calling memset. */
static void clear(uintptr_t from, uintptr_t to)
{
    for (; from < to && from % sizeof(uint64_t); from++)
        *(volatile char *)from = 0;
    for (; from < to; from += sizeof(uint64_t))
        *(volatile uint64_t *)from = 0;
}

/* Lays one segment over the span; 0, or a negative errno. */
static long map_segment(long fd, const Elf64_Phdr *segment, int is_first, uintptr_t bias, uintptr_t mask, uintptr_t *end)
{
    uintptr_t start = (bias + segment->p_vaddr) & ~mask;
    uintptr_t file_end = bias + segment->p_vaddr + segment->p_filesz;
    uintptr_t file_pages = (file_end + mask) & ~mask;
    uintptr_t memory_end = (bias + segment->p_vaddr + segment->p_memsz + mask) & ~mask;
    int prot = protection(segment->p_flags);
    long done = 0;
    if (!is_first) {
        if (start > *end)
            syscall2(__NR_munmap, *end, start - *end);
        if (file_pages > start)
            done = map_memory(start, file_pages - start, prot, MAP_PRIVATE | MAP_FIXED, fd, segment->p_offset & ~mask);
    }
    if (!failed(done) && memory_end > file_pages)
        done = map_memory(file_pages, memory_end - file_pages, prot, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
    if (failed(done))
        return done;
    if (segment->p_memsz > segment->p_filesz && (segment->p_flags & PF_W))
        clear(file_end, file_pages);
    *end = memory_end > file_pages ? memory_end : file_pages;
    return 0;
}

/* In a frame of its own: the less of the stack is touched, the fewer pages have to be made. */
static __attribute__((noinline)) struct complaint map_loader(long fd, uintptr_t page, struct loader *loader)
{
    struct headers headers;
    struct layout layout;
    struct stat status;
    long done = syscall2(__NR_fstat, fd, &status);
    if (failed(done))
        return (struct complaint){cannot_map, done};
    if (!S_ISREG(status.st_mode))
        return (struct complaint){"finds no regular file as its loader at", 0};
    const uintptr_t mask = page - 1;
    const char *wrong = read_headers(fd, &headers);
    if (!wrong)
        wrong = check_segments(&headers, (uintptr_t)status.st_size, mask, &layout);
    if (wrong)
        return (struct complaint){wrong, 0};
    uintptr_t span = ((layout.high + mask) & ~mask) - layout.low;
    /* One mapping over the whole span finds a place for all; the other segments are then laid over it. */
    done = map_memory(0, span, protection(layout.first->p_flags), MAP_PRIVATE, fd, layout.first->p_offset & ~mask);
    if (failed(done))
        return (struct complaint){cannot_map, done};
    uintptr_t bias = (uintptr_t)done - layout.low, end = 0;
    for (const Elf64_Phdr *segment = headers.segments; segment < headers.segments + headers.file.e_phnum; segment++) {
        if (segment->p_type != PT_LOAD)
            continue;
        done = map_segment(fd, segment, segment == layout.first, bias, mask, &end);
        if (failed(done))
            return (struct complaint){cannot_map, done};
    }
    loader->base = bias;
    loader->entry = bias + headers.file.e_entry;
    return (struct complaint){0, 0};
}

#endif
