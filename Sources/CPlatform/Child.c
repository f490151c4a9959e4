#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct program {
    const char *path;
    char *const *arguments;
    char *const *environment;
    int output;
    int report;
    pid_t parent;
};

// Between clone and exec: system calls only, no allocation, nothing that a lock guards.
__attribute__((noreturn)) static void become_program(const struct program *program) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < _NSIG; number++) (void)sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    // Away from the terminal's Ctrl-C, which is for the parent: it ends this program when it wants to.
    (void)setsid();
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int report = fcntl(program->report, F_DUPFD_CLOEXEC, 4);
    if (null < 0 || report < 0) _exit(127);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != program->parent) _exit(127);
    // The order matters: `null` may be 1 or 2 where the parent has those closed.
    if (dup2(null, 0) < 0 || dup2(program->output, 1) < 0 || dup2(1, 2) < 0 || dup3(report, 3, O_CLOEXEC) < 0) {
        _exit(127);
    }
    (void)syscall(SYS_close_range, 4, ~0u, 0);
    execve(program->path, program->arguments, program->environment);
    int error = errno;
    (void)!write(3, &error, sizeof error);
    _exit(127);
}

int cp_start_program(
    const char *path, char *const arguments[], char *const environment[], int output, struct cp_spawned *started) {
    int ends[2];
    int error = cp_pipe(ends);
    if (error < 0) return error;
    struct program program = {path, arguments, environment, output, ends[1], getpid()};
    int pidfd = -1;
    long pid = syscall(SYS_clone, (unsigned long)(CLONE_PIDFD | SIGCHLD), 0L, &pidfd, 0L, 0L);
    if (pid == 0) become_program(&program);
    error = pid < 0 ? errno : 0;
    close(ends[1]);
    if (error == 0) {
        int said = 0;
        ssize_t count;
        do { count = read(ends[0], &said, sizeof said); } while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof said) error = said;
        if (error != 0) {
            (void)cp_collect(pidfd);
            close(pidfd);
        }
    }
    close(ends[0]);
    *started = (struct cp_spawned){(int32_t)pid, pidfd};
    return -error;
}

int cp_kill_session(int32_t pid) { return kill(-pid, SIGKILL) == 0 ? 0 : -errno; }

int cp_collect(int pidfd) {
    siginfo_t info;
    while (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED) != 0) {
        if (errno != EINTR) return -errno;
    }
    return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}
