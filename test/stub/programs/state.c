/* Says what a program finds at its start, in a form that does not depend on where it lies. */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;
extern void _start(void);

static int first(struct dl_phdr_info *info, size_t size, void *result)
{
    (void)size;
    *(struct dl_phdr_info *)result = *info;
    return 1;
}

/* The name of the loaded object that begins at an address, from its last directory on. */
static const char *object_at(uintptr_t address)
{
    for (const struct link_map *map = _r_debug.r_map; map; map = map->l_next)
        if (map->l_addr == address && strstr(map->l_name, "/lib/"))
            return strstr(map->l_name, "/lib/");
    return "none";
}

static void print_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        int fd = atoi(entry->d_name);
        if (fd > 2 && fd != dirfd(directory) && getenv("ALIAS") && fd == atoi(getenv("ALIAS")))
            fprintf(stderr, "alias open\n");
        else if (fd > 2 && fd != dirfd(directory))
            printf("descriptor %d\n", fd);
    }
}

int main(int argc, char **argv)
{
    struct dl_phdr_info program;
    dl_iterate_phdr(first, &program);
    printf("argc %d\n", argc);
    for (int i = 1; argv[i]; i++)
        printf("argument [%s]\n", argv[i]);
    for (char **variable = environ; *variable; variable++)
        printf("variable [%s]\n", *variable);
    printf("headers %d of %d\n", (uintptr_t)program.dlpi_phdr == getauxval(AT_PHDR),
           program.dlpi_phnum == getauxval(AT_PHNUM));
    for (int i = 0; i < program.dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &program.dlpi_phdr[i];
        const char *at = (const char *)(program.dlpi_addr + header->p_vaddr);
        if (header->p_type == PT_INTERP)
            printf("interpreter %s %zu %d\n", strstr(at, "/lib/"), strlen(at) + 1 - header->p_memsz, access(at, R_OK));
        if (header->p_type == PT_PHDR)
            printf("own header %d\n", at == (const char *)program.dlpi_phdr);
    }
    printf("entry %d\n", getauxval(AT_ENTRY) == (uintptr_t)_start);
    printf("base %s\n", object_at(getauxval(AT_BASE)));
    printf("name %d\n", strcmp((const char *)getauxval(AT_EXECFN), argv[0]) == 0);
    printf("vdso %d random %d platform %s clock %lu flags %lu secure %lu\n", getauxval(AT_SYSINFO_EHDR) != 0,
           getauxval(AT_RANDOM) != 0, (const char *)getauxval(AT_PLATFORM), getauxval(AT_CLKTCK), getauxval(AT_FLAGS),
           getauxval(AT_SECURE));
    printf("stack %lu\n", (unsigned long)((uintptr_t)(argv - 1) % 16));
    print_descriptors();
    return 0;
}
