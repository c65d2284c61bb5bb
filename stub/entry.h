/*
 * The entry points. The kernel's registers mean nothing at the start of a process but for the stack pointer and
 * rdx/x0, which it sets to 0, and which a loader that was started by hand sets to its exit handler (System V ABI,
 * "Process Initialization"). Both reach whatever is started next as they came.
 */
#if defined(__x86_64__)
__asm__(".section .text.entry,\"ax\",@progbits\n"
        ".globl unmoor_start\n"
        ".hidden unmoor_start\n"
        "unmoor_start:\n"
        "  endbr64\n"
        "  mov %rsp, %rdi\n"
        "  mov %rdx, %rbx\n"
        "  mov %rdx, %rsi\n"
        "  xor %ebp, %ebp\n"
        "  sub $64, %rsp\n" /* room for the start's first part to move down into */
        "  call unmoor_main\n"
        "  mov %rdx, %rsp\n"
        "  mov %rbx, %rdx\n"
        "  jmp *%rax\n"
        ".previous\n");
#elif defined(__aarch64__)
__asm__(".section .text.entry,\"ax\",@progbits\n"
        ".globl unmoor_start\n"
        ".hidden unmoor_start\n"
        "unmoor_start:\n"
        "  hint #34\n" /* bti c, a no-op where it is unknown */
        "  mov x19, x0\n"
        "  mov x1, x0\n"
        "  mov x0, sp\n"
        "  mov x29, #0\n"
        "  sub sp, sp, #64\n"
        "  bl unmoor_main\n"
        "  mov sp, x1\n"
        "  mov x16, x0\n" /* a branch through x16 may land on bti c */
        "  mov x0, x19\n"
        "  br x16\n"
        ".previous\n");
#else
#error "the loader stub exists for x86-64 and aarch64"
#endif
