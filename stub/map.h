/* Maps the loader as the kernel would have done (Linux fs/binfmt_elf.c, load_elf_interp). */
#ifndef UNMOOR_MAP_H
#define UNMOOR_MAP_H

#include <elf.h>
#include <linux/mman.h>
#include <stdint.h>

#include "syscall.h"

#ifndef PROT_READ
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#endif

enum { MAX_HEADERS = 32 };

struct loader {
    uintptr_t base;
    uintptr_t entry;
};

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

/* Reads and checks the headers; a short text on what is wrong, 0 when all is well. */
static const char *read_headers(long fd, Elf64_Ehdr *header, Elf64_Phdr *segments)
{
    if (syscall4(__NR_pread64, fd, header, sizeof *header, 0) != sizeof *header)
        return "is shorter than an ELF header: ";
    if (*(const uint32_t *)header->e_ident != 0x464c457f || header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_type != ET_DYN || header->e_machine != OWN_MACHINE || header->e_phentsize != sizeof *segments ||
        header->e_phnum == 0 || header->e_phnum > MAX_HEADERS)
        return "is no loader for this machine: ";
    long size = (long)(header->e_phnum * sizeof *segments);
    return syscall4(__NR_pread64, fd, segments, size, header->e_phoff) == size ? 0 : "has no program headers: ";
}

/* Maps all segments; a short text on what is wrong, 0 when all is well. */
static const char *map_loader(long fd, uintptr_t page, struct loader *loader)
{
    Elf64_Ehdr header;
    Elf64_Phdr segments[MAX_HEADERS];
    const char *wrong = read_headers(fd, &header, segments);
    if (wrong)
        return wrong;
    const uintptr_t mask = page - 1;
    const Elf64_Phdr *first = 0;
    uintptr_t low = 0, high = 0;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        const Elf64_Phdr *segment = &segments[i];
        if (segment->p_type != PT_LOAD)
            continue;
        if (segment->p_filesz > segment->p_memsz || ((segment->p_offset ^ segment->p_vaddr) & mask) ||
            segment->p_vaddr < high || segment->p_memsz > (1ul << 40) || segment->p_vaddr > (1ul << 40))
            return "has a malformed segment: ";
        if (!first) {
            first = segment;
            low = segment->p_vaddr & ~mask;
        }
        high = segment->p_vaddr + segment->p_memsz;
    }
    if (!first)
        return "has nothing to load: ";
    uintptr_t span = ((high + mask) & ~mask) - low;
    /* One mapping over the whole span finds a place for all; the other segments are then laid over it. */
    long at = map_memory(0, span, protection(first->p_flags), MAP_PRIVATE, fd, first->p_offset & ~mask);
    if (failed(at))
        return "cannot be mapped: ";
    uintptr_t bias = (uintptr_t)at - low, end = 0;
    for (unsigned i = 0; i < header.e_phnum; i++) {
        const Elf64_Phdr *segment = &segments[i];
        if (segment->p_type != PT_LOAD)
            continue;
        uintptr_t start = (bias + segment->p_vaddr) & ~mask;
        uintptr_t file_end = bias + segment->p_vaddr + segment->p_filesz;
        uintptr_t file_pages = (file_end + mask) & ~mask;
        uintptr_t memory_end = (bias + segment->p_vaddr + segment->p_memsz + mask) & ~mask;
        int prot = protection(segment->p_flags);
        if (segment != first) {
            if (start > end)
                syscall2(__NR_munmap, end, start - end);
            if (file_pages > start && failed(map_memory(start, file_pages - start, prot, MAP_PRIVATE | MAP_FIXED, fd,
                                                        segment->p_offset & ~mask)))
                return "cannot be mapped: ";
        }
        if (memory_end > file_pages && failed(map_memory(file_pages, memory_end - file_pages, prot,
                                                         MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0)))
            return "cannot be mapped: ";
        if (segment->p_memsz > segment->p_filesz && (segment->p_flags & PF_W))
            for (volatile char *byte = (volatile char *)file_end; byte < (volatile char *)file_pages; byte++)
                *byte = 0;
        end = memory_end > file_pages ? memory_end : file_pages;
    }
    loader->base = bias;
    loader->entry = bias + header.e_entry;
    return 0;
}

#endif
