#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

_Static_assert(sizeof(struct cp_limits) == 40, "five 64-bit limits");
_Static_assert(sizeof(struct cp_spawn_request) == 112, "no padding that a caller could leave unset");
_Static_assert(sizeof(struct cp_spawn_report) == 8, "written in one piece");

// The worker's descriptors: the contract that `WorkerDescriptors` documents.
enum {
    FD_FOLDER = 3,
    FD_STATUS,
    FD_CONTROL,
    FD_DIAGNOSTICS,
    FD_MACHINE_CODE,
    FD_EXECUTABLE,
    FD_REPORT,
    FD_COUNT,
};

// Inside its user namespace a worker is nobody.
#define NOBODY "65534 "

// --- From clone to exec. This is a copy of a process whose other threads may have held any lock:
// system calls only, no allocation, nothing that a lock guards. ---

static void tell(int report, int step, int error) {
    struct cp_spawn_report words = {step, error};
    (void)!write(report, &words, sizeof words);
}

__attribute__((noreturn)) static void give_up(int report, int step, int error) {
    tell(report, step, error);
    _exit(127);
}

static int write_file(const char *path, const char *text, size_t count) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, count);
    int error = errno;
    close(file);
    errno = error;
    return written == (ssize_t)count ? 0 : -1;
}

// Writes "65534 ID 1", which maps nobody inside to the caller outside.
static int write_map(const char *path, unsigned identity) {
    char text[32] = NOBODY;
    char digits[12];
    size_t count = strlen(NOBODY), length = 0;
    do {
        digits[length++] = (char)('0' + identity % 10);
        identity /= 10;
    } while (identity > 0);
    while (length > 0) text[count++] = digits[--length];
    text[count++] = ' ';
    text[count++] = '1';
    return write_file(path, text, count);
}

// A user that is not root loses its capabilities at exec unless they are ambient. The worker needs these three
// to raise its walls and gives them up there.
static int keep_capabilities(void) {
    static const int kept[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT, CAP_SETPCAP};
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{0}};
    for (size_t index = 0; index < sizeof kept / sizeof *kept; index++) { sets[0].permitted |= 1u << kept[index]; }
    sets[0].effective = sets[0].inheritable = sets[0].permitted;
    if (syscall(SYS_capset, &header, sets) != 0) return -1;
    for (size_t index = 0; index < sizeof kept / sizeof *kept; index++) {
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept[index], 0, 0) != 0) return -1;
    }
    return 0;
}

static int take_mapped_identity(unsigned user, unsigned group) {
    if (write_file("/proc/self/setgroups", "deny", 4) != 0) return -1;
    if (write_map("/proc/self/uid_map", user) != 0) return -1;
    if (write_map("/proc/self/gid_map", group) != 0) return -1;
    return keep_capabilities();
}

static int set_limit(int resource, uint64_t most) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return -1;
    if (most < limit.rlim_max) limit.rlim_max = most;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit);
}

static int set_limits(const struct cp_limits *limits) {
    if (set_limit(RLIMIT_CORE, 0) != 0) return -1;
    if (set_limit(RLIMIT_MEMLOCK, 0) != 0 || set_limit(RLIMIT_MSGQUEUE, 0) != 0) return -1;
    if (limits->file_bytes > 0 && set_limit(RLIMIT_FSIZE, limits->file_bytes) != 0) return -1;
    if (limits->open_files > 0 && set_limit(RLIMIT_NOFILE, limits->open_files) != 0) return -1;
    if (limits->threads > 0 && set_limit(RLIMIT_NPROC, limits->threads) != 0) return -1;
    if (limits->processor_seconds > 0 && set_limit(RLIMIT_CPU, limits->processor_seconds) != 0) return -1;
    if (limits->data_bytes > 0 && set_limit(RLIMIT_DATA, limits->data_bytes) != 0) return -1;
    return 0;
}

// Opens the folder again, in this mount namespace, and makes sure that it is the one the parent meant.
static int reopen_folder(const struct cp_spawn_request *request) {
    struct stat meant, found;
    int folder = open(request->folder_path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 || fstat(folder, &found) != 0 || fstat(request->folder, &meant) != 0) return -1;
    if (meant.st_dev != found.st_dev || meant.st_ino != found.st_ino) {
        errno = ESTALE;
        return -1;
    }
    return folder;
}

// Puts each descriptor at its number and closes every other one.
static int arrange(const struct cp_spawn_request *request, int folder) {
    int has_code = request->machine_code >= 0;
    int sources[FD_COUNT] = {
        request->null_device, request->null_device,
        request->diagnostics, folder,
        request->status,      request->control,
        request->diagnostics, has_code ? request->machine_code : request->null_device,
        request->executable,  request->report,
    };
    // First away from the numbers that are wanted, so that none is overwritten before it is moved.
    for (int index = 0; index < FD_COUNT; index++) {
        sources[index] = fcntl(sources[index], F_DUPFD_CLOEXEC, FD_COUNT);
        if (sources[index] < 0) return -1;
    }
    for (int index = 0; index < FD_COUNT; index++) {
        int ends = index >= FD_EXECUTABLE || (index == FD_MACHINE_CODE && !has_code);
        int flags = ends ? O_CLOEXEC : 0;
        if (dup3(sources[index], index, flags) < 0) return -1;
    }
    return syscall(SYS_close_range, FD_COUNT, ~0u, 0) == 0 ? 0 : -1;
}

static void reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < _NSIG; number++) (void)sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

__attribute__((noreturn)) static void become_worker(
    const struct cp_spawn_request *request, unsigned user, unsigned group) {
    // Out of the way of the numbers that `arrange` fills, so that a failure there can still be told.
    int report = fcntl(request->report, F_DUPFD_CLOEXEC, FD_COUNT);
    if (report < 0) _exit(127);
    reset_signals();
    if (request->memory_tasks >= 0) (void)!write(request->memory_tasks, "0", 1);
    if (request->thread_tasks >= 0) (void)!write(request->thread_tasks, "0", 1);
    if (request->user_namespace && take_mapped_identity(user, group) != 0) give_up(report, CP_STEP_IDENTITY, errno);
    tell(report, CP_STEP_IDENTITY, 0);
    int folder = reopen_folder(request);
    if (folder < 0) give_up(report, CP_STEP_FOLDER, errno);
    if (arrange(request, folder) != 0) give_up(report, CP_STEP_DESCRIPTORS, errno);
    report = FD_REPORT;

    (void)setsid();
    (void)umask(077);
    // With every other descriptor closed, the control pipe ends when the parent does.
    if (cp_end_with_parent(FD_CONTROL) != 0) _exit(127);
    char gate;
    if (read(FD_CONTROL, &gate, 1) != 1) _exit(127);
    if (fchdir(FD_FOLDER) != 0) give_up(report, CP_STEP_FOLDER, errno);
    if (set_limits(&request->limits) != 0) give_up(report, CP_STEP_LIMITS, errno);

    char *arguments[] = {"2cvm-worker", (char *)request->argument, NULL};
    char *environment[] = {NULL};
    syscall(SYS_execveat, FD_EXECUTABLE, "", arguments, environment, AT_EMPTY_PATH);
    give_up(report, CP_STEP_EXECUTE, errno);
}

// --- The parent's side ---

struct owner {
    const struct cp_spawn_request *request;
    struct cp_spawned *spawned;
    int error;
    sem_t done;
};

// A copy of this process, in its control group from its first moment where the kernel can do that.
static long make_child(const struct cp_spawn_request *request, int *pidfd) {
    uint64_t flags = CLONE_PIDFD;
    if (request->namespaces) flags |= CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    if (request->user_namespace) flags |= CLONE_NEWUSER;
    if (request->group >= 0) {
        struct clone_args arguments = {
            .flags = flags | CLONE_INTO_CGROUP,
            .pidfd = (uint64_t)(uintptr_t)pidfd,
            .exit_signal = SIGCHLD,
            .cgroup = (uint64_t)request->group,
        };
        long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
        if (pid >= 0) return pid;
    }
    // Before Linux 5.7, and where a container's filter knows nothing of clone3.
    return syscall(SYS_clone, (unsigned long)flags | SIGCHLD, 0L, pidfd, 0L, 0L);
}

// A parent-death signal is sent when the *thread* that made the child ends. This thread therefore lives as long as
// its child does, and collects it, so that no exit status waits for anyone.
static void *own_child(void *argument) {
    struct owner *owner = argument;
    const struct cp_spawn_request *request = owner->request;
    unsigned user = geteuid(), group = getegid();
    int pidfd = -1, held = -1;
    long pid = make_child(request, &pidfd);
    if (pid == 0) become_worker(request, user, group);
    owner->error = pid < 0 ? errno : 0;
    if (pid > 0) {
        owner->spawned->pid = (int32_t)pid;
        owner->spawned->pidfd = pidfd;
        held = fcntl(pidfd, F_DUPFD_CLOEXEC, 0);
    }
    sem_post(&owner->done); // `owner` and `request` belong to the caller again
    if (pid <= 0) return NULL;

    siginfo_t info;
    while (waitid(held < 0 ? P_PID : P_PIDFD, held < 0 ? (id_t)pid : (id_t)held, &info, WEXITED) != 0) {
        if (errno != EINTR) break;
    }
    if (held >= 0) close(held);
    return NULL;
}

int cp_spawn(const struct cp_spawn_request *request, struct cp_spawned *spawned) {
    struct owner owner = {.request = request, .spawned = spawned};
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;

    if (sem_init(&owner.done, 0, 0) != 0) return -errno;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return -error;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 256 * 1024);

    // The thread takes no signals: they are for the threads that know what to do with them.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, &attributes, own_child, &owner);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error == 0) {
        while (sem_wait(&owner.done) != 0 && errno == EINTR) {}
        error = owner.error;
    }
    sem_destroy(&owner.done);
    return -error;
}

int cp_kill(int pidfd) { return syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) == 0 ? 0 : -errno; }

// --- Interrupts ---

// A signal is taken by any thread, while another one changes the event and then closes what it was.
static atomic_int interrupt_event = -1;
static atomic_int announcing;

static void announce_interrupt(int number) {
    (void)number;
    int error = errno;
    uint64_t one = 1;
    atomic_fetch_add(&announcing, 1);
    int event = atomic_load(&interrupt_event);
    if (event >= 0) (void)!write(event, &one, sizeof one);
    atomic_fetch_sub(&announcing, 1);
    errno = error;
}

// Nobody writes to the event before this one any more when this returns: its number may be another file's soon.
static void set_interrupt_event(int event) {
    atomic_store(&interrupt_event, event);
    while (atomic_load(&announcing) > 0) (void)sched_yield();
}

int cp_route_interrupts(int event) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction action = {.sa_handler = event >= 0 ? announce_interrupt : SIG_DFL, .sa_flags = SA_RESTART};
    // What a closed pipe did before: a library of this process may have it ignored for good, and does so once.
    static struct sigaction pipe_before = {.sa_handler = SIG_DFL};
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    set_interrupt_event(event);
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        struct sigaction before;
        if (sigaction(numbers[index], NULL, &before) != 0) return -errno;
        if (before.sa_handler == SIG_IGN) continue; // as `nohup` wants it
        if (sigaction(numbers[index], &action, NULL) != 0) return -errno;
    }
    int result = event >= 0 ? sigaction(SIGPIPE, &ignored, &pipe_before) : sigaction(SIGPIPE, &pipe_before, NULL);
    return result == 0 ? 0 : -errno;
}
