#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The system calls that runs make once the walls are up, each for the reason beside it, and no others. A test follows
// real runs by ptrace: it sees every call of `called`, and none that is in no list.
// Files are Landlock's and the mount namespace's matter: which ones can be opened is decided there.
// clang-format off
static const int called[] = {
    // Called most: the kernel reads this list from the top.
    SYS_futex, // Threads wait for each other: the engine's runtime compiles and reads files in several.
    SYS_statx, // A file's kind and size, before each open and read of a component's.
    SYS_openat2, // Files and folders below one that is open: the engine's way into mounts and outputs.
    SYS_close,
    SYS_pwrite64, SYS_pread64, // Files at an offset: how shims read and write.
    SYS_munmap, SYS_brk, // The C library's heap. `mmap`, `mprotect` and `madvise` have rules of their own.
    SYS_read, SYS_write, // The parent's permission, and verdicts; the runtime's own wake-ups.
    SYS_openat, // Job, binary and mounts, by the worker itself; the C library's look at files that are not there.
    SYS_getrandom, // Seeds of tables; randomness that a manifest calls real.
    SYS_getdents64, // Listings of folders.
    SYS_ftruncate, SYS_mkdirat, SYS_unlinkat, SYS_renameat, // What a component does below its outputs.
    // Signals: the engine turns faults into traps, on a stack of their own in each thread.
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack,
    // A thread's beginning.
    SYS_set_robust_list, SYS_rseq, SYS_sched_getaffinity,
    SYS_poll, // The thread that reads what components print, until there is some.
    // The runtime's loop, on which timers and streams wait.
    SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_wait, SYS_eventfd2,
};
// clang-format on

// What runs come to on some machines, or at some times.
// clang-format off
static const int kept[] = {
    SYS_sched_yield, // A thread that waits for another's lock: more than one compiles only on several processors.
    SYS_newfstatat, SYS_fstat, // A file's kind: the first with glibc 2.36, the second with 2.41.
    SYS_exit_group, // The end, unless the parent, which has the verdict, is quicker.
    SYS_exit, // A thread that had nothing to do for ten seconds.
    SYS_restart_syscall, // The kernel's own, when it resumes a wait that stopping the process interrupted.
    SYS_clock_gettime, SYS_clock_getres, // Where the kernel's page for them has no usable clock.
};
// clang-format on

struct refusal {
    int number;
    int error;
};

// Calls that libraries try and can do without, or that a component reaches through WASI and must see fail:
// an error, not the end of the process.
// clang-format off
static const struct refusal refused[] = {
    // Its flags lie in memory that a filter cannot read. The C library then uses `clone`, whose flags it can.
    {SYS_clone3, ENOSYS},
    {SYS_io_uring_setup, ENOSYS}, {SYS_pkey_alloc, ENOSYS}, {SYS_statfs, ENOSYS}, {SYS_fstatfs, ENOSYS},
    {SYS_userfaultfd, ENOSYS}, {SYS_membarrier, ENOSYS}, {SYS_getcpu, ENOSYS},
    // With it the engine appends at an offset, which a pipe does not have. Without it the engine sets O_APPEND and
    // writes.
    {SYS_pwritev2, ENOSYS},
    // Files in memory that no limit on memory counts. The engine is told to do without.
    {SYS_memfd_create, ENOSYS},
    // With an old size of zero it shows the same page at a second address. The C library then copies.
    {SYS_mremap, ENOMEM},
    // What the machine is, and has to give.
    {SYS_uname, ENOSYS}, {SYS_sysinfo, ENOSYS}, {SYS_getrlimit, EPERM}, {SYS_prlimit64, EPERM},
    {SYS_ioctl, ENOTTY},
    {SYS_socket, EACCES}, {SYS_socketpair, EACCES}, {SYS_connect, EACCES}, {SYS_bind, EACCES},
    {SYS_listen, EACCES}, {SYS_sendto, EACCES}, {SYS_sendmsg, EACCES},
    {SYS_symlinkat, EPERM}, {SYS_linkat, EPERM}, {SYS_mknodat, EPERM}, {SYS_fchmod, EPERM}, {SYS_fchmodat, EPERM},
    {SYS_fchown, EPERM}, {SYS_fchownat, EPERM}, {SYS_utimensat, EPERM}, {SYS_fallocate, EOPNOTSUPP},
    // With flags a renamed file leaves a device behind.
    {SYS_renameat2, EINVAL},
    // There are no links to read.
    {SYS_readlink, EINVAL}, {SYS_readlinkat, EINVAL},
    {SYS_access, EACCES}, {SYS_faccessat, EACCES}, {SYS_faccessat2, EACCES},
};
// clang-format on

// The flags with which the C library starts a thread, and no other set.
enum {
    THREAD_FLAGS = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS
        | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
    X32_CALLS = 0x40000000,
    CAPACITY = 512,
};

struct program {
    struct sock_filter steps[CAPACITY];
    unsigned count;
};

static void emit(struct program *program, struct sock_filter step) {
    if (program->count < CAPACITY) program->steps[program->count] = step;
    program->count++;
}

static void answer(struct program *program, uint32_t action) {
    emit(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static uint32_t fail_with(int error) { return SECCOMP_RET_ERRNO | ((uint32_t)error & SECCOMP_RET_DATA); }

static void load(struct program *program, size_t offset) {
    emit(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

// The low half of an argument; x86-64 is little-endian.
static size_t argument(unsigned index) { return offsetof(struct seccomp_data, args) + 8 * index; }

// Runs `skipped` more steps only when the number, which is loaded, is `number`.
static void only_for(struct program *program, int number, uint8_t skipped) {
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, skipped));
}

// Answers `action` for `number`.
static void rule(struct program *program, int number, uint32_t action) {
    only_for(program, number, 1);
    answer(program, action);
}

struct argument_rule {
    int number;
    unsigned index;
    const uint32_t *values;
    unsigned count;
    uint32_t otherwise;
};

// Allows a call when an argument's low half is one of the values: for arguments of which the kernel reads no more than
// that half.
static void rule_one_of(struct program *program, struct argument_rule rule) {
    only_for(program, rule.number, (uint8_t)(1 + 2 * rule.count + 1));
    load(program, argument(rule.index));
    for (unsigned index = 0; index < rule.count; index++) {
        emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rule.values[index], 0, 1));
        answer(program, SECCOMP_RET_ALLOW);
    }
    answer(program, rule.otherwise);
}

// Memory is the process's alone, and filled by nothing but the process: of a page that something else shows too, a
// file or another mapping, one view could be executed while the other is written; and what is shared counts against
// no limit on data. It is never mapped as code: that comes later, by `mprotect`, which takes the right to write.
// Later C libraries try pages for random bytes that the kernel may drop, another kind, and do without.
static void rule_map(struct program *program) {
    enum { PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS, IGNORED = MAP_NORESERVE | MAP_STACK };
    only_for(program, SYS_mmap, 8);
    load(program, argument(3));
    emit(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)IGNORED));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PRIVATE, 0, 4));
    load(program, argument(2));
    emit(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)(PROT_READ | PROT_WRITE)));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1));
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, fail_with(EACCES));
}

// What a descriptor may do, which streams ask; the runtime's second descriptor of its event; and that a pipe is appended
// to, which the engine says before and takes back after each write. No other flag is set.
static void rule_descriptor(struct program *program) {
    enum { IGNORED = O_ACCMODE | O_NOFOLLOW | 0100000 }; // and O_LARGEFILE as the kernel has it
    only_for(program, SYS_fcntl, 11);
    load(program, argument(1));
    rule(program, F_GETFL, SECCOMP_RET_ALLOW);
    rule(program, F_DUPFD_CLOEXEC, SECCOMP_RET_ALLOW);
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_SETFL, 0, 4));
    load(program, argument(2));
    emit(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)(IGNORED | O_APPEND)));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1));
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, fail_with(EINVAL));
}

#define ONE_OF(number, index, values, otherwise) \
    ((struct argument_rule){number, index, values, sizeof values / sizeof *values, otherwise})

static void rule_arguments(struct program *program) {
    // Written or executed, never both.
    static const uint32_t protections[] = {PROT_READ | PROT_WRITE, PROT_READ, PROT_READ | PROT_EXEC, PROT_NONE};
    rule_one_of(program, ONE_OF(SYS_mprotect, 2, protections, fail_with(EACCES)));
    // Huge pages for a component's memory, and pages that are given back. Not, say, pages that the kernel merges with
    // another process's: how long that takes tells what it holds.
    static const uint32_t advice[] = {MADV_HUGEPAGE, MADV_DONTNEED};
    rule_one_of(program, ONE_OF(SYS_madvise, 2, advice, fail_with(EINVAL)));
    static const uint32_t threads[] = {THREAD_FLAGS};
    rule_one_of(program, ONE_OF(SYS_clone, 0, threads, SECCOMP_RET_KILL_PROCESS));
    rule_descriptor(program);
    // Threads are given names.
    static const uint32_t options[] = {PR_SET_NAME};
    rule_one_of(program, ONE_OF(SYS_prctl, 0, options, fail_with(EINVAL)));
}

static void build(struct program *program) {
    load(program, offsetof(struct seccomp_data, arch));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1));
    answer(program, SECCOMP_RET_KILL_PROCESS);

    for (size_t index = 0; index < sizeof called / sizeof *called; index++) {
        rule(program, called[index], SECCOMP_RET_ALLOW);
    }
    rule_map(program);
    rule_arguments(program);
    for (size_t index = 0; index < sizeof kept / sizeof *kept; index++) {
        rule(program, kept[index], SECCOMP_RET_ALLOW);
    }
    for (size_t index = 0; index < sizeof refused / sizeof *refused; index++) {
        rule(program, refused[index].number, fail_with(refused[index].error));
    }
    answer(program, SECCOMP_RET_KILL_PROCESS);
}

int cp_filter_calls(void) {
    struct program program = {.count = 0};
    build(&program);
    if (program.count > CAPACITY) return -E2BIG;
    struct sock_fprog filter = {.len = (unsigned short)program.count, .filter = program.steps};
    // Every thread of the process, or none: there is to be one only, and this makes sure.
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
    if (result < 0) return -errno;
    return result == 0 ? 0 : -EBUSY;
}

int cp_filter_call(unsigned index) {
    // Those with rules for their arguments belong to the calls that runs make.
    static const int ruled[] = {SYS_mmap, SYS_mprotect, SYS_clone, SYS_fcntl, SYS_prctl};
    enum { CALLED = sizeof called / sizeof *called, RULED = sizeof ruled / sizeof *ruled };
    if (index < CALLED) return called[index];
    return index < CALLED + RULED ? ruled[index - CALLED] : -1;
}

int cp_filter_knows(int number) {
    // Has a rule too, and is made only where the kernel gives huge pages, or much memory is given back.
    if (number == SYS_madvise) return 1;
    for (unsigned index = 0; cp_filter_call(index) >= 0; index++) {
        if (cp_filter_call(index) == number) return 1;
    }
    for (size_t index = 0; index < sizeof kept / sizeof *kept; index++) {
        if (kept[index] == number) return 1;
    }
    for (size_t index = 0; index < sizeof refused / sizeof *refused; index++) {
        if (refused[index].number == number) return 1;
    }
    return 0;
}
