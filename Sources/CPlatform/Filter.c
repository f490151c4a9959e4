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

// The system calls that the engine, its threads, the C library and this project make once the walls are up.
// Files are Landlock's and the mount namespace's matter: which ones can be opened is decided there.
static const int allowed[] = {
    // Called most: the kernel reads this list from the top.
    SYS_futex, SYS_read, SYS_write, SYS_pread64, SYS_pwrite64, SYS_sched_yield, SYS_epoll_wait, SYS_clock_gettime,
    // Memory. `mmap` and `mprotect` have rules of their own.
    SYS_munmap, SYS_mremap, SYS_madvise, SYS_brk,
    // Files that are open.
    SYS_readv, SYS_writev, SYS_preadv, SYS_pwritev, SYS_preadv2, SYS_pwritev2, SYS_lseek, SYS_close, SYS_fstat,
    SYS_ftruncate, SYS_fsync, SYS_fdatasync, SYS_fadvise64, SYS_getdents64, SYS_fstatfs, SYS_dup,
    SYS_dup2, SYS_dup3,
    // Files by name.
    SYS_openat, SYS_openat2, SYS_newfstatat, SYS_statx, SYS_readlink, SYS_readlinkat, SYS_access, SYS_faccessat,
    SYS_faccessat2, SYS_getcwd, SYS_mkdirat, SYS_unlinkat, SYS_renameat, SYS_utimensat,
    // Signals: the engine turns faults into traps.
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall,
    // Threads, time and waiting.
    SYS_exit, SYS_exit_group, SYS_set_robust_list, SYS_rseq, SYS_gettid, SYS_getpid, SYS_getppid, SYS_sched_getaffinity,
    SYS_getcpu, SYS_membarrier, SYS_clock_getres, SYS_gettimeofday, SYS_nanosleep, SYS_clock_nanosleep, SYS_poll,
    SYS_ppoll, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_epoll_pwait2, SYS_eventfd2, SYS_pipe2,
    // What the machine is.
    SYS_getrandom, SYS_uname, SYS_sysinfo, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getrlimit,
};

struct refusal {
    int number;
    int error;
};

// Calls that libraries try and can do without, or that a component reaches through WASI and must see fail:
// an error, not the end of the process.
static const struct refusal refused[] = {
    // Its flags lie in memory that a filter cannot read. The C library then uses `clone`, whose flags it can.
    {SYS_clone3, ENOSYS},
    {SYS_io_uring_setup, ENOSYS}, {SYS_pkey_alloc, ENOSYS}, {SYS_statfs, ENOSYS}, {SYS_userfaultfd, ENOSYS},
    // Files in memory that no limit on memory counts. The engine is told to do without.
    {SYS_memfd_create, ENOSYS},
    {SYS_ioctl, ENOTTY},
    {SYS_socket, EACCES}, {SYS_socketpair, EACCES}, {SYS_connect, EACCES}, {SYS_bind, EACCES},
    {SYS_listen, EACCES}, {SYS_sendto, EACCES}, {SYS_sendmsg, EACCES},
    {SYS_symlinkat, EPERM}, {SYS_linkat, EPERM}, {SYS_mknodat, EPERM}, {SYS_fchmod, EPERM}, {SYS_fchmodat, EPERM},
    {SYS_fchown, EPERM}, {SYS_fchownat, EPERM},
};

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

static uint32_t fail_with(int error) {
    return SECCOMP_RET_ERRNO | ((uint32_t)error & SECCOMP_RET_DATA);
}

static void load(struct program *program, size_t offset) {
    emit(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

// The low half of an argument; x86-64 is little-endian.
static size_t argument(unsigned index) {
    return offsetof(struct seccomp_data, args) + 8 * index;
}

// Runs `skipped` more steps only when the number, which is loaded, is `number`.
static void only_for(struct program *program, int number, uint8_t skipped) {
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, skipped));
}

// Answers `action` for `number`.
static void rule(struct program *program, int number, uint32_t action) {
    only_for(program, number, 1);
    answer(program, action);
}

// Allows `number` when an argument's low half is `value`, and answers `otherwise` when it is not: for arguments
// of which the kernel reads no more than that half.
static void rule_equal(struct program *program, int number, unsigned index, uint32_t value, uint32_t otherwise) {
    only_for(program, number, 4);
    load(program, argument(index));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, otherwise);
}

// Allows `number` unless the protection in argument 2 is both writable and executable.
static void rule_write_or_execute(struct program *program, int number) {
    only_for(program, number, 5);
    load(program, argument(2));
    emit(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, PROT_WRITE | PROT_EXEC));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROT_WRITE | PROT_EXEC, 0, 1));
    answer(program, fail_with(EACCES));
    answer(program, SECCOMP_RET_ALLOW);
}

// Reading a limit is harmless; a new one is not wanted. Argument 2 points to it: both halves must be zero.
static void rule_read_limits(struct program *program) {
    only_for(program, SYS_prlimit64, 6);
    load(program, argument(2));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3));
    load(program, argument(2) + 4);
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1));
    answer(program, SECCOMP_RET_ALLOW);
    answer(program, fail_with(EPERM));
}

static void rule_descriptor_control(struct program *program) {
    static const uint32_t commands[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC};
    enum { COUNT = sizeof commands / sizeof *commands };
    only_for(program, SYS_fcntl, 1 + 2 * COUNT + 1);
    load(program, argument(1));
    for (unsigned index = 0; index < COUNT; index++) rule(program, (int)commands[index], SECCOMP_RET_ALLOW);
    answer(program, fail_with(EINVAL));
}

static void build(struct program *program) {
    load(program, offsetof(struct seccomp_data, arch));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
    answer(program, SECCOMP_RET_KILL_PROCESS);
    load(program, offsetof(struct seccomp_data, nr));
    emit(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1));
    answer(program, SECCOMP_RET_KILL_PROCESS);

    for (size_t index = 0; index < sizeof allowed / sizeof *allowed; index++) {
        rule(program, allowed[index], SECCOMP_RET_ALLOW);
    }
    rule_write_or_execute(program, SYS_mmap);
    rule_write_or_execute(program, SYS_mprotect);
    rule_equal(program, SYS_clone, 0, THREAD_FLAGS, SECCOMP_RET_KILL_PROCESS);
    // With flags a file takes blocks beyond the limit on its length, and a renamed one leaves a device behind.
    rule_equal(program, SYS_fallocate, 1, 0, fail_with(EOPNOTSUPP));
    rule_equal(program, SYS_renameat2, 4, 0, fail_with(EINVAL));
    rule_descriptor_control(program);
    rule_read_limits(program);
    // `abort` signals its own thread; no other process can be meant.
    rule_equal(program, SYS_tgkill, 0, (uint32_t)getpid(), SECCOMP_RET_KILL_PROCESS);
    // Threads are given names.
    rule_equal(program, SYS_prctl, 0, PR_SET_NAME, fail_with(EINVAL));
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
