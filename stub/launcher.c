/*
 * The launcher: what a wrapper script becomes that does nothing but set variables and start a program. It does what bash
 * would do with the script (docs/launcher.md), by the program behind its code.
 */
#include <elf.h>
#include <stdint.h>

#include "alias.h"
#include "entry.h"
#include "expand.h"
#include "locate.h"
#include "memory.h"
#include "program.h"
#include "shell-state.h"
#include "start.h"
#include "syscall.h"
#include "text.h"
#include "variables.h"

extern const char unmoor_config[] __attribute__((visibility("hidden")));

/* Bash's own variables: PWD, OLDPWD, SHLVL and _. */
enum { SHELL_VARIABLES = 4, FIRST_MEMORY = 12 * 1024 };

/* Ends the process as bash does when a command fails: "NAME: line N: [WHAT] PATH: REASON". */
static void __attribute__((noinline)) complain(const struct run *run, const char *line_number, const char *what, const char *path, const char *reason,
                     long error)
{
    struct line line;
    line.length = 0;
    line_append(&line, run->name);
    line_append(&line, ": line ");
    line_append(&line, line_number);
    line_append(&line, ": ");
    line_append(&line, what);
    line_append(&line, path);
    line_append(&line, ": ");
    line_append(&line, reason);
    if (error)
        line_append_error(&line, error);
    line.bytes[line.length++] = '\n';
    syscall3(__NR_write, 2, line.bytes, line.length);
}

static void __attribute__((noreturn)) leave(long status)
{
    for (;;)
        syscall1(__NR_exit_group, status);
}

static void change_directory(struct run *run, int is_fatal)
{
    const char *line_number = next_string(run);
    const struct text directory = word(run);
    const long done = syscall1(__NR_chdir, directory.bytes);
    if (failed(done)) {
        complain(run, line_number, "cd: ", directory.bytes, "", done);
        if (is_fatal)
            leave(1);
        return;
    }
    set_exported(&run->variables, "OLDPWD", variable(&run->variables, "PWD")->value);
    set_exported(&run->variables, "PWD", directory.bytes);
}

/* The exit status of a program that cannot be started, told as bash tells it (its shell_execve and exec_builtin). */
static long explain_failure(const struct run *run, const char *line_number, const char *path, long error)
{
    struct stat status;
    const long found = syscall4(__NR_newfstatat, AT_FDCWD, path, &status, 0);
    if (!failed(found) && (status.st_mode & 0170000) == 0040000) {
        complain(run, line_number, "", path, "", -EISDIR);
        complain(run, line_number, "exec: ", path, "cannot execute: ", -EISDIR);
        return 126;
    }
    if (error == -ENOENT) {
        if (!failed(found))
            complain(run, line_number, "", path, "cannot execute: required file not found", 0);
        else
            complain(run, line_number, "", path, "", error);
        return 127;
    }
    complain(run, line_number, "", path, "", error);
    return 126;
}

static void __attribute__((noreturn)) start_program(struct run *run, int has_name, int argc, char **argv)
{
    const char *line_number = next_string(run);
    const struct text name = has_name ? word(run) : (struct text){0, 0, 0};
    const struct text program = word(run);
    unsigned long count = 2; /* the name, the end */
    const char *arguments = run->at;
    for (int is_last = 0; !is_last;) {
        switch (*run->at++) {
        case ARGUMENT:
            word(run);
            count++;
            break;
        case ARGUMENTS:
            count += (unsigned long)argc;
            break;
        default:
            is_last = 1;
        }
    }
    /* One more in front, for the shell of a program that has no #! line. */
    char **list = take(run->memory, (count + 1) * sizeof *list);
    char **end = list + 1;
    *end++ = has_name ? name.bytes : program.bytes;
    run->at = arguments;
    for (int is_last = 0; !is_last;) {
        switch (*run->at++) {
        case ARGUMENT:
            *end++ = word(run).bytes;
            break;
        case ARGUMENTS:
            for (int i = 1; i < argc; i++)
                *end++ = argv[i];
            break;
        default:
            is_last = 1;
        }
    }
    *end = 0;
    const struct text shell = word(run);
    char **environment = run->variables.environment;
    if (!run->keeps_environment) {
        finish_shell_level(&run->variables);
        environment = new_environment(&run->variables);
    }
    long error = syscall3(__NR_execve, program.bytes, list + 1, environment);
    if (run->keeps_environment)
        give_up(run->name, "cannot start its interpreter", program.bytes, error);
    if (error == -ENOEXEC) {
        list[0] = shell.bytes;
        list[1] = program.bytes;
        error = syscall3(__NR_execve, shell.bytes, list, environment);
    }
    leave(explain_failure(run, line_number, program.bytes, error));
}

/* Does one operation after the other; the last one never returns. */
static void __attribute__((noreturn)) do_operations(struct run *run, int argc, char **argv)
{
    for (;;) {
        const char operation = *run->at++;
        struct variable *changed = 0;
        switch (operation) {
        case OP_ASSIGN:
        case OP_APPEND: {
            const char *name = next_string(run);
            struct text value = {0, 0, 0};
            const char *before = operation == OP_APPEND ? variable(&run->variables, name)->value : 0;
            append(run->memory, &value, before ? before : "", before ? text_length(before) : 0);
            expand(run, &value);
            variable(&run->variables, name)->value = value.bytes;
            break;
        }
        case OP_EXPORT:
            variable(&run->variables, next_string(run))->exported = 1;
            break;
        case OP_UNSET:
            changed = variable(&run->variables, next_string(run));
            changed->value = 0;
            changed->exported = 0;
            break;
        case OP_COMMAND:
            break;
        case OP_CHDIR:
        case OP_TRY_CHDIR:
            change_directory(run, operation == OP_CHDIR);
            break;
        case OP_UNLESS: {
            const struct text held = word(run);
            const struct text part = word(run);
            uint32_t length;
            memcpy(&length, run->at, sizeof length);
            run->at += sizeof length;
            if (index_of(&held, &part) >= 0)
                run->at += length;
            continue; /* no command: $_ stays */
        }
        default:
            start_program(run, operation == OP_EXEC_AS, argc, argv);
        }
        /* Every simple command gives $_ a value that is not exported. */
        variable(&run->variables, "_")->value = 0;
    }
}

__attribute__((used, visibility("hidden"))) struct next unmoor_main(uintptr_t *stack, uintptr_t exit_handler)
{
    (void)exit_handler;
    const struct launch *launch = (const struct launch *)unmoor_config;
    struct start start = read_stack(stack);
    const int argc = (int)stack[0];
    char **argv = (char **)(stack + 1);
    const char *name = (const char *)value_of(start.auxiliary, AT_EXECFN);
    if (value_of(start.auxiliary, AT_SECURE))
        give_up(name, "refuses to run with raised privileges: where it lies would choose what it starts", "", 0);

    char room[FIRST_MEMORY] __attribute__((aligned(16)));
    struct memory memory = {room, sizeof room, name};
    struct path store;
    struct text own = {0, 0, 0};
    const long directory = locate_store(&store, &own, &memory, &name, argc > 0 ? argv[0] : 0, launch->strip_components);
    if (failed(directory))
        give_up(name, "cannot find the store directory", store.bytes, directory);
    open_alias(launch->alias_fd, launch->flags, directory);

    struct run run = {
        .memory = &memory,
        .variables = {&memory, start.environment, 0, 0},
        .at = unmoor_config + launch->program_offset,
        .name = name,
        .store = store.bytes,
        .own = own.bytes,
        .keeps_environment = (launch->flags & FLAG_KEEP_ENVIRONMENT) != 0,
    };
    run.variables.table = take(&memory, (launch->variables + SHELL_VARIABLES) * sizeof *run.variables.table);
    if (!run.keeps_environment)
        import_shell_state(&run.variables);
    do_operations(&run, argc, argv);
}
