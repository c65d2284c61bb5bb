/*
 * The loader stub: what a relocated program starts with, in place of an absolute PT_INTERP. It finds the loader by its
 * place relative to the program, maps it, and leaves memory and registers as if the kernel had done so.
 */
#include <elf.h>
#include <stdint.h>

#include "alias.h"
#include "config.h"
#include "entry.h"
#include "locate.h"
#include "map.h"
#include "start.h"
#include "syscall.h"
#include "text.h"

extern const char unmoor_start[] __attribute__((visibility("hidden")));
extern const struct config unmoor_config __attribute__((visibility("hidden")));

static void set(Elf64_auxv_t *vector, uint64_t type, uintptr_t value)
{
    Elf64_auxv_t *entry = find(vector, type);
    if (entry)
        entry->a_un.a_val = value;
}

/*
 * A copy of the program headers in which the stub's segment is the interpreter again: glibc asserts that a program it
 * loads has one (elf/rtld.c, l_libname), and musl names the loader by it. Copied at run time, so that a later edit of
 * the file's own table still counts. The path of the loader follows the table.
 */
static Elf64_Phdr *copy_headers(const Elf64_Phdr *headers, unsigned count, uintptr_t bias, uint64_t stub_address,
                                const struct path *loader)
{
    unsigned size = count * sizeof *headers;
    long at = map_memory(0, size + loader->length + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (failed(at))
        return 0;
    Elf64_Phdr *copy = (Elf64_Phdr *)at;
    char *path = (char *)(copy + count);
    memcpy(path, loader->bytes, loader->length);
    for (unsigned i = 0; i < count; i++) {
        copy[i] = headers[i];
        if (copy[i].p_type == PT_PHDR) {
            copy[i].p_vaddr = copy[i].p_paddr = (uintptr_t)copy - bias;
        } else if (copy[i].p_type == PT_LOAD && stub_address >= copy[i].p_vaddr &&
                   stub_address < copy[i].p_vaddr + copy[i].p_memsz) {
            copy[i].p_type = PT_INTERP;
            copy[i].p_vaddr = copy[i].p_paddr = (uintptr_t)path - bias;
            copy[i].p_filesz = copy[i].p_memsz = loader->length + 1;
            copy[i].p_align = 1;
        }
    }
    return copy;
}

static int starts_with(const char *text, const char *start)
{
    while (*start)
        if (*text++ != *start++)
            return 0;
    return 1;
}

/*
 * Without /proc glibc learns $ORIGIN from LD_ORIGIN_PATH alone (elf/dl-origin.c). The stack's first part moves down by
 * two words, which keeps its alignment; the variable stands twice where one word would do. Returns the new stack.
 */
static uintptr_t *announce_origin(struct start *start, const struct path *origin)
{
    static const char name[] = "LD_ORIGIN_PATH=";
    unsigned prefix = sizeof name - 1;
    long at = map_memory(0, prefix + origin->length + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (failed(at))
        return start->stack;
    char *text = (char *)at;
    memcpy(text, name, prefix);
    memcpy(text + prefix, origin->bytes, origin->length);
    int known = 0;
    char **end = start->environment;
    for (; *end; end++) {
        if (starts_with(*end, name)) {
            *end = text;
            known = 1;
        }
    }
    if (known)
        return start->stack;
    uintptr_t *from = start->stack, *to = start->stack - 2;
    while (from < (uintptr_t *)end)
        *to++ = *from++;
    *to++ = (uintptr_t)text;
    *to++ = (uintptr_t)text;
    return start->stack - 2;
}

__attribute__((used, visibility("hidden"))) struct next unmoor_main(uintptr_t *stack, uintptr_t exit_handler)
{
    const struct config *config = &unmoor_config;
    const uintptr_t bias = (uintptr_t)unmoor_start - config->stub_address;
    struct next next = {.entry = bias + config->original_entry, .stack = (uintptr_t)stack};
    /* Loaded by a loader that was started by hand: glibc passes its exit handler, musl fills DT_DEBUG. */
    if (exit_handler || (config->debug_address && *(const uintptr_t *)(bias + config->debug_address)))
        return next;

    struct start start = read_stack(stack);
    const char *name = (const char *)value_of(start.auxiliary, AT_EXECFN);
    if (value_of(start.auxiliary, AT_SECURE))
        give_up(name, "refuses to run with raised privileges: where it lies would choose its loader", "", 0);

    struct path store, origin;
    const int has_proc = program_by_proc(&store);
    const long directory = has_proc ? locate_above(&store, config->strip_components)
                           : name   ? locate_by_name(&store, &origin, name, config->strip_components)
                                    : -ENOENT;
    if (failed(directory))
        give_up(name, "cannot find the store directory", store.bytes, directory);
    const char *below = (const char *)config + config->loader_offset;
    path_append(&store, "/", 1);
    path_append(&store, below, text_length(below));
    if (store.overflow)
        give_up(name, "cannot use the loader", below, -ENAMETOOLONG);
    /* O_NONBLOCK: a FIFO in the loader's place must not hold up the start. */
    const long loader_fd = syscall4(__NR_openat, directory, below, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (failed(loader_fd))
        give_up(name, "cannot find the loader", store.bytes, loader_fd);

    struct loader loader;
    const struct complaint wrong = map_loader(loader_fd, value_of(start.auxiliary, AT_PAGESZ), &loader);
    if (wrong.text)
        give_up(name, wrong.text, store.bytes, wrong.error);
    syscall1(__NR_close, loader_fd);
    open_alias(config->alias_fd, config->flags, directory);

    unsigned count = (unsigned)value_of(start.auxiliary, AT_PHNUM);
    const Elf64_Phdr *headers = copy_headers((const Elf64_Phdr *)value_of(start.auxiliary, AT_PHDR), count, bias,
                                       config->stub_address, &store);
    if (!headers)
        give_up(name, "cannot copy its program headers", "", -ENOMEM);
    set(start.auxiliary, AT_PHDR, (uintptr_t)headers);
    set(start.auxiliary, AT_BASE, loader.base);
    set(start.auxiliary, AT_ENTRY, bias + config->original_entry);
    if (!has_proc)
        next.stack = (uintptr_t)announce_origin(&start, &origin);
    next.entry = loader.entry;
    return next;
}
