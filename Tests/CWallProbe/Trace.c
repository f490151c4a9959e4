#define _GNU_SOURCE
#include "CWallProbe.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

// Follows a program and all that it starts, and counts what workers ask of the kernel once their filter stands.

enum { THREADS = 1024, KINDS = 4096 };

struct thread {
    pid_t number;
    int is_inside;
    int is_walled;
};

struct kind {
    int call;
    uint64_t detail;
    unsigned long count;
};

static struct thread threads[THREADS];
static struct kind kinds[KINDS];
static unsigned thread_count, kind_count;

static struct thread *find_thread(pid_t number) {
    for (unsigned index = 0; index < thread_count; index++) {
        if (threads[index].number == number) return &threads[index];
    }
    if (thread_count == THREADS) return NULL;
    threads[thread_count] = (struct thread){.number = number};
    return &threads[thread_count++];
}

static void forget_thread(pid_t number) {
    for (unsigned index = 0; index < thread_count; index++) {
        if (threads[index].number == number) threads[index] = threads[--thread_count];
    }
}

// A thread of `program` that runs under a filter.
static int is_walled_worker(pid_t number, const char *program) {
    char path[64], line[256];
    int mode = 0;
    snprintf(path, sizeof path, "/proc/%d/exe", number);
    ssize_t count = readlink(path, line, sizeof line - 1);
    if (count < 0) return 0;
    line[count] = '\0';
    const char *last = strrchr(line, '/');
    if (strcmp(last == NULL ? line : last + 1, program) != 0) return 0;
    snprintf(path, sizeof path, "/proc/%d/status", number);
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    while (fgets(line, sizeof line, file) != NULL && sscanf(line, "Seccomp: %d", &mode) != 1) {}
    fclose(file);
    return mode == 2;
}

// What of the arguments decides: the rest is addresses and sizes.
static uint64_t detail(const struct user_regs_struct *registers) {
    switch (registers->orig_rax) {
    case SYS_mmap: return registers->rdx | registers->r10 << 8;
    case SYS_mprotect:
    case SYS_madvise: return registers->rdx;
    case SYS_fcntl: return registers->rsi;
    case SYS_prctl:
    case SYS_clone: return registers->rdi;
    default: return 0;
    }
}

static void note(const struct user_regs_struct *registers) {
    struct kind found = {.call = (int)registers->orig_rax, .detail = detail(registers)};
    for (unsigned index = 0; index < kind_count; index++) {
        if (kinds[index].call == found.call && kinds[index].detail == found.detail) {
            kinds[index].count++;
            return;
        }
    }
    if (kind_count == KINDS) return;
    found.count = 1;
    kinds[kind_count++] = found;
}

static void enter_or_leave(pid_t number, const char *program) {
    struct thread *thread = find_thread(number);
    if (thread == NULL) return;
    thread->is_inside = !thread->is_inside;
    if (!thread->is_inside) return;
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, number, NULL, &registers) != 0) return;
    if (!thread->is_walled) thread->is_walled = is_walled_worker(number, program);
    if (thread->is_walled) note(&registers);
}

static void follow(const char *program) {
    for (int status;;) {
        pid_t number = waitpid(-1, &status, __WALL);
        if (number < 0) return;
        if (!WIFSTOPPED(status)) {
            forget_thread(number);
            continue;
        }
        int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80)) {
            enter_or_leave(number, program);
            signal = 0;
        } else if (signal == SIGTRAP || signal == SIGSTOP) {
            signal = 0;
        }
        ptrace(PTRACE_SYSCALL, number, NULL, signal);
    }
}

int probe_trace(const char *program, char *const arguments[]) {
    pid_t child = fork();
    if (child < 0) return -errno;
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(126);
        raise(SIGSTOP);
        execv(arguments[0], arguments);
        _exit(127);
    }
    int status;
    if (waitpid(child, &status, 0) < 0) return -errno;
    if (!WIFSTOPPED(status)) return -EPERM;
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
        | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, child, NULL, options) != 0) return -errno;
    ptrace(PTRACE_SYSCALL, child, NULL, 0);
    follow(program);
    for (unsigned index = 0; index < kind_count; index++) {
        printf("call %d %llu %lu\n", kinds[index].call, (unsigned long long)kinds[index].detail, kinds[index].count);
    }
    return 0;
}
