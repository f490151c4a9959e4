#define _GNU_SOURCE
#include "CWallProbe.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int outcome(long result) { return result < 0 ? errno : 0; }

static int opened(const char *path, int flags) { return outcome(open(path, flags, 0600)); }

// --- Beyond the job folder ---

static int read_passwd(void) { return opened("/etc/passwd", O_RDONLY); }
static int climb_from_folder(void) { return outcome(openat(3, "../../../../../etc/passwd", O_RDONLY)); }
static int climb_from_current(void) { return opened("../../../../../../../../etc/passwd", O_RDONLY); }
static int read_process_one(void) { return opened("/proc/1/status", O_RDONLY); }
static int read_own_maps(void) { return opened("/proc/self/maps", O_RDONLY); }
static int write_temporary(void) { return opened("/var/tmp", O_TMPFILE | O_WRONLY); }
static int write_folder(void) { return opened("stray", O_CREAT | O_WRONLY); }
static int write_job(void) { return opened("job.json", O_WRONLY); }
static int write_input(void) { return opened("in/data", O_WRONLY); }
static int cut_input(void) { return outcome(truncate("in/data", 0)); }
static int remove_input(void) { return outcome(unlink("in/data")); }
static int follow_link(void) { return opened("in/passwd-link", O_RDONLY); }
static int use_device(void) { return opened("/dev/null", O_RDWR); }

// --- What an output may not be ---

static int make_symlink(void) { return outcome(symlinkat("/etc/passwd", AT_FDCWD, "out/link")); }
static int make_link(void) { return outcome(linkat(AT_FDCWD, "in/data", AT_FDCWD, "out/link", 0)); }
static int make_pipe(void) { return outcome(mkfifo("out/pipe", 0600)); }
static int change_mode(void) { return outcome(chmod("out", 0777)); }

static int make_whiteout(void) {
    int error = opened("out/before", O_CREAT | O_WRONLY);
    return error != 0 ? error : outcome(renameat2(AT_FDCWD, "out/before", AT_FDCWD, "out/after", RENAME_WHITEOUT));
}

static int allocate_unseen(void) {
    int file = open("out/long", O_CREAT | O_WRONLY, 0600);
    return file < 0 ? errno : outcome(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 4096));
}

static int write_too_long(void) {
    int file = open("out/long", O_CREAT | O_WRONLY, 0600);
    return file < 0 ? errno : outcome(pwrite(file, "x", 1, 64 << 20));
}

// --- Other processes ---

static int fork_process(void) {
    long child = syscall(SYS_fork);
    if (child == 0) _exit(0);
    return outcome(child);
}

static int clone_process(void) {
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return outcome(child);
}

static int clone3_process(void) {
    uint64_t arguments[11] = {0};
    arguments[4] = SIGCHLD;
    long child = syscall(SYS_clone3, arguments, sizeof arguments);
    if (child == 0) _exit(0);
    return outcome(child);
}

static int execute(void) {
    char *arguments[] = {"true", NULL};
    execve("/bin/true", arguments, environ);
    return errno;
}

static int trace(void) { return outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
static int send_signal(void) { return outcome(kill(getpid(), 0)); }
static int signal_everyone(void) { return outcome(kill(-1, SIGCONT)); }
static int signal_thread(void) { return outcome(syscall(SYS_tgkill, getppid() == 0 ? 2 : getppid(), 2, 0)); }

// --- Privileges, limits, the network ---

static int mount_memory(void) { return outcome(mount("none", "in", "tmpfs", 0, NULL)); }
static int new_namespace(void) { return outcome(unshare(CLONE_NEWNS | CLONE_NEWUSER)); }
static int become_root(void) { return outcome(setresuid(0, 0, 0)); }
static int become_dumpable(void) { return outcome(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static int outlive_parent(void) { return outcome(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)); }

static int change_limit(void) {
    struct rlimit limit = {1 << 20, 1 << 20};
    return outcome(setrlimit(RLIMIT_FSIZE, &limit));
}

static int open_socket(void) { return outcome(socket(AF_INET, SOCK_STREAM, 0)); }
static int open_socket_pair(void) {
    int ends[2];
    return outcome(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}

// --- Memory ---

static int map_writable_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static int make_code_writable(void) {
    void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return errno;
    return outcome(mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
}

static int take_memory(void) {
    size_t size = (size_t)4 << 30;
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? errno : 0;
}

// --- The same page at two addresses: code that is written where it is not executed ---

static int run_while_writable(unsigned char *writable, unsigned char *executable) {
    static const unsigned char code[] = {0xB8, 0x2A, 0, 0, 0, 0xC3}; // return 42
    memcpy(writable, code, sizeof code);
    if (mprotect(executable, 4096, PROT_READ | PROT_EXEC) != 0) return errno;
    int first = ((int (*)(void))executable)();
    writable[1] = 43;
    return first == 42 && ((int (*)(void))executable)() == 43 ? 0 : EINVAL;
}

static unsigned char *shared_page(int flags, int file) {
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, file, 0);
}

static int map_shared_twice(size_t old_size) {
    unsigned char *page = shared_page(MAP_SHARED | MAP_ANONYMOUS, -1);
    if (page == MAP_FAILED) return errno;
    unsigned char *second = mremap(page, old_size, 4096, MREMAP_MAYMOVE);
    return second == MAP_FAILED ? errno : run_while_writable(page, second);
}
static int map_code_twice(void) { return map_shared_twice(0); }
// The kernel rounds it up to a multiple of a page, which is zero.
static int map_code_twice_by_overflow(void) { return map_shared_twice(SIZE_MAX); }

static int map_code_file_twice(int first, int second) {
    int file = open("out/code", O_CREAT | O_RDWR, 0600);
    if (file < 0 || ftruncate(file, 4096) != 0) return errno;
    unsigned char *writable = shared_page(first, file);
    if (writable == MAP_FAILED) return errno;
    unsigned char *executable = mmap(NULL, 4096, PROT_READ, second, file, 0);
    return executable == MAP_FAILED ? errno : run_while_writable(writable, executable);
}
static int map_code_file_shared(void) { return map_code_file_twice(MAP_SHARED, MAP_SHARED); }
static int map_code_file_validated(void) { return map_code_file_twice(MAP_SHARED_VALIDATE, MAP_PRIVATE); }

static int write_mapped_code(void) {
    static const unsigned char code[] = {0xB8, 0x2A, 0, 0, 0, 0xC3};
    int file = open("out/code", O_CREAT | O_RDWR, 0600);
    if (file < 0 || write(file, code, sizeof code) != sizeof code) return errno;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    if (page == MAP_FAILED) return errno;
    int first = ((int (*)(void))page)();
    if (pwrite(file, "\x2B", 1, 1) != 1) return errno;
    return first == 42 && ((int (*)(void))page)() == 43 ? 0 : EINVAL;
}

// What a worker is given to load before its walls are up: no page of it becomes code behind them.
static int map_machine_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 7, 0);
    if (page == MAP_FAILED) page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, 7, 0);
    if (page == MAP_FAILED) return errno;
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 ? 0 : errno;
}

static int open_machine_code(void) { return open("/proc/self/fd/7", O_RDONLY) >= 0 ? 0 : errno; }

static int write_machine_code(void) { return pwrite(7, "code", 4, 0) == 4 ? 0 : errno; }

static int map_code_at_once(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

// No limit on data counts it.
static int take_shared_memory(void) {
    void *block =
        mmap(NULL, (size_t)2 << 30, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? errno : 0;
}

static int map_over_code(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return errno;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    return mmap(page, 4096, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED ? errno : 0;
}

static int grow_in_place(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return errno;
    return mremap(page, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0;
}

static int advise_otherwise(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : outcome(madvise(page, 4096, MADV_COLD));
}

// --- What the machine is, and descriptors that a worker has no use for ---

static int ask_system(void) {
    struct utsname names;
    return outcome(uname(&names));
}
static int ask_load(void) {
    struct sysinfo load;
    return outcome(sysinfo(&load));
}
static int ask_limit(void) {
    struct rlimit limit;
    return outcome(getrlimit(RLIMIT_NPROC, &limit));
}
static int open_pipe(void) {
    int ends[2];
    return outcome(pipe2(ends, O_CLOEXEC));
}
static int copy_descriptor(void) { return outcome(dup3(3, 100, O_CLOEXEC)); }
static int signal_itself(void) { return outcome(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0)); }
static int change_flags(void) { return outcome(fcntl(4, F_SETFL, O_NONBLOCK)); }

static int make_memory_file(void) { return outcome(memfd_create("file", 0)); }

// --- What it was given ---

static int find_descriptor(void) {
    struct stat status;
    for (int number = 7; number < 4096; number++) {
        if (fstat(number, &status) == 0) return 0;
    }
    return EBADF;
}

static int find_environment(void) { return environ != NULL && environ[0] != NULL ? 0 : ENOENT; }

// --- Calls that end the process, whatever their arguments ---

static int call_x32(void) { return outcome(syscall(0x40000000 | SYS_getpid)); }
static int call_32bit(void) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
    return result < 0 ? (int)-result : 0;
}
static int call_bpf(void) { return outcome(syscall(SYS_bpf, 0, 0, 0)); }
static int call_keyctl(void) { return outcome(syscall(SYS_keyctl, 0, 0)); }
static int call_perf(void) { return outcome(syscall(SYS_perf_event_open, 0, 0, 0, 0, 0)); }
static int call_open_by_handle(void) { return outcome(syscall(SYS_open_by_handle_at, 0, 0, 0)); }
static int call_read_process(void) { return outcome(syscall(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0)); }
static int call_pidfd(void) { return outcome(syscall(SYS_pidfd_open, 1, 0)); }
static int call_module(void) { return outcome(syscall(SYS_finit_module, 0, "", 0)); }
static int call_pivot(void) { return outcome(syscall(SYS_pivot_root, ".", ".")); }
static int call_chroot(void) { return outcome(syscall(SYS_chroot, ".")); }
static int call_unknown(void) { return outcome(syscall(460)); }

// --- What a worker must be able to do ---

static int write_output(void) {
    int file = open("out/result", O_CREAT | O_WRONLY, 0600);
    return file < 0 ? errno : outcome(write(file, "42", 2));
}
static int write_log(void) { return opened("log/stderr", O_CREAT | O_WRONLY); }
static int read_input(void) { return opened("in/data", O_RDONLY); }
static int rename_output(void) {
    int error = opened("out/before", O_CREAT | O_WRONLY);
    return error != 0 ? error : outcome(renameat(AT_FDCWD, "out/before", AT_FDCWD, "out/after"));
}

static void *return_argument(void *argument) { return argument; }
static int start_threads(void) {
    for (int count = 0; count < 64; count++) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, return_argument, NULL);
        if (error != 0) return error;
        pthread_join(thread, NULL);
    }
    return 0;
}

static int run_code(void) {
    unsigned char code[] = {0xB8, 0x2A, 0, 0, 0, 0xC3}; // return 42
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return errno;
    memcpy(page, code, sizeof code);
    if (mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0) return errno;
    return ((int (*)(void))page)() == 42 ? 0 : EINVAL;
}

// What the C library does with `mremap` where it may: the content stays, wherever the block lies.
static int grow_heap_block(void) {
    unsigned char *block = NULL;
    for (size_t size = 1 << 16; size <= 64 << 20; size *= 2) {
        unsigned char *grown = realloc(block, size);
        if (grown == NULL) return ENOMEM;
        if (block != NULL && grown[0] != 0x5A) return EINVAL;
        memset(grown, 0x5A, size);
        block = grown;
    }
    free(block);
    return 0;
}

static int reserve_addresses(void) {
    void *block = mmap(NULL, (size_t)64 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? errno : 0;
}

// --- Ends of its own ---

// The calls that sleep are none that a worker has: it waits for a word that nobody changes.
static int wait_long(void) {
    static int word;
    struct timespec minute = {.tv_sec = 60};
    return outcome(syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, 0, &minute, NULL, 0));
}

static int sleep_long(void) { return wait_long(); }
static int spin(void) {
    for (volatile unsigned long long count = 0;; count++) {}
}
static int abort_itself(void) { abort(); }
static int nest_deeply(void) {
    int folder = open("out", O_RDONLY | O_DIRECTORY);
    for (int depth = 0; depth < 3000; depth++) {
        int inner = mkdirat(folder, "d", 0700) == 0 ? openat(folder, "d", O_RDONLY | O_DIRECTORY) : -1;
        if (inner < 0) return errno;
        close(folder);
        folder = inner;
    }
    return 0;
}

// Forty files of 1 MiB where a look from outside might not find them.
static int fill_and_wait(int folder) {
    static char piece[1 << 20];
    char name[] = "A";
    for (; name[0] < 'A' + 40; name[0]++) {
        int file = openat(folder, name, O_CREAT | O_WRONLY, 0600);
        if (file < 0 || write(file, piece, sizeof piece) != sizeof piece) return errno;
        close(file);
    }
    return wait_long();
}

static int hide_in(const char *path, unsigned mode) {
    if (mkdirat(AT_FDCWD, path, mode) != 0) return errno;
    int folder = open(path, O_PATH | O_DIRECTORY);
    return folder < 0 ? errno : fill_and_wait(folder);
}

static int hide_in_odd_name(void) { return hide_in("out/a/output/\xFF", 0700); }
static int hide_in_closed_folder(void) { return hide_in("out/a/output/closed", 0300); }
static int hide_in_depth(void) {
    char name[251] = {0};
    memset(name, 'd', sizeof name - 1);
    int folder = open("out/a/output", O_PATH | O_DIRECTORY);
    for (int depth = 0; depth < 20; depth++) {
        if (mkdirat(folder, name, 0700) != 0) return errno;
        folder = openat(folder, name, O_PATH | O_DIRECTORY);
    }
    return folder < 0 ? errno : fill_and_wait(folder);
}

static const struct {
    const char *name;
    int (*run)(void);
} attempts[] = {
#define ATTEMPT(name) {#name, name}
    // clang-format off
    ATTEMPT(read_passwd), ATTEMPT(climb_from_folder), ATTEMPT(climb_from_current), ATTEMPT(read_process_one),
    ATTEMPT(read_own_maps), ATTEMPT(write_temporary), ATTEMPT(write_folder), ATTEMPT(write_job), ATTEMPT(write_input),
    ATTEMPT(cut_input), ATTEMPT(remove_input), ATTEMPT(follow_link), ATTEMPT(use_device), ATTEMPT(make_symlink),
    ATTEMPT(make_link), ATTEMPT(make_pipe), ATTEMPT(make_whiteout), ATTEMPT(change_mode), ATTEMPT(write_too_long),
    ATTEMPT(fork_process),
    ATTEMPT(clone_process), ATTEMPT(clone3_process), ATTEMPT(execute), ATTEMPT(trace), ATTEMPT(send_signal),
    ATTEMPT(signal_everyone), ATTEMPT(signal_thread), ATTEMPT(mount_memory), ATTEMPT(new_namespace),
    ATTEMPT(become_root), ATTEMPT(become_dumpable), ATTEMPT(outlive_parent), ATTEMPT(change_limit),
    ATTEMPT(open_socket), ATTEMPT(open_socket_pair), ATTEMPT(map_writable_code), ATTEMPT(make_code_writable),
    ATTEMPT(take_memory), ATTEMPT(make_memory_file), ATTEMPT(map_code_twice), ATTEMPT(map_code_twice_by_overflow),
    ATTEMPT(map_code_file_shared), ATTEMPT(map_code_file_validated), ATTEMPT(write_mapped_code),
    ATTEMPT(map_machine_code), ATTEMPT(open_machine_code), ATTEMPT(write_machine_code),
    ATTEMPT(map_code_at_once), ATTEMPT(take_shared_memory), ATTEMPT(map_over_code), ATTEMPT(grow_in_place),
    ATTEMPT(advise_otherwise), ATTEMPT(ask_system), ATTEMPT(ask_load), ATTEMPT(ask_limit), ATTEMPT(open_pipe),
    ATTEMPT(copy_descriptor), ATTEMPT(signal_itself), ATTEMPT(change_flags),
    ATTEMPT(grow_heap_block),
    ATTEMPT(find_descriptor), ATTEMPT(find_environment), ATTEMPT(call_x32), ATTEMPT(call_32bit),
    ATTEMPT(call_bpf), ATTEMPT(call_keyctl), ATTEMPT(call_perf), ATTEMPT(call_open_by_handle),
    ATTEMPT(call_read_process), ATTEMPT(call_pidfd), ATTEMPT(call_module), ATTEMPT(call_pivot), ATTEMPT(call_chroot),
    ATTEMPT(call_unknown), ATTEMPT(write_output), ATTEMPT(write_log), ATTEMPT(read_input), ATTEMPT(rename_output),
    ATTEMPT(start_threads), ATTEMPT(run_code), ATTEMPT(reserve_addresses), ATTEMPT(sleep_long), ATTEMPT(spin),
    ATTEMPT(abort_itself), ATTEMPT(nest_deeply), ATTEMPT(allocate_unseen), ATTEMPT(hide_in_odd_name),
    ATTEMPT(hide_in_closed_folder), ATTEMPT(hide_in_depth),
// clang-format on
#undef ATTEMPT
};

int probe_attempt(const char *name) {
    for (size_t index = 0; index < sizeof attempts / sizeof *attempts; index++) {
        if (strcmp(attempts[index].name, name) == 0) return attempts[index].run();
    }
    return -1;
}
