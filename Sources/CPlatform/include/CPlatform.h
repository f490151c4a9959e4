// Linux calls that Swift cannot make: those without a C library wrapper, those with variable arguments,
// and what lies between clone and exec. Everything else is Swift, in Platform.
//
// Unless it says otherwise, a function returns 0 or more on success and a negated errno otherwise.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The C library's words for an errno, NULL for an unknown one. Never freed.
const char *cp_describe(int error);

// --- Files (Files.c) ---

// openat2(2) that never leaves `folder`, follows no symbolic link and no magic link. Close-on-exec.
int cp_open_beneath(int folder, const char *path, int flags, unsigned mode);

// open(2). Close-on-exec; the last segment may not be a symbolic link.
int cp_open(const char *path, int flags);

// Opens a file or a folder without the right to read it.
int cp_open_path(const char *path);

// Both ends close-on-exec: reading, writing.
int cp_pipe(int ends[2]);

// A file in memory that no folder names, close-on-exec. `name` is for /proc alone.
int cp_memory_file(const char *name);

// An eventfd, close-on-exec, on which nothing waits.
int cp_event(void);

// getdents64(2): fills `entries` with as many records as fit, 0 at the end.
int cp_read_entries(int folder, void *entries, size_t capacity);

// A named pipe in `folder`. `owner` below 0: the caller.
int cp_make_pipe_at(int folder, const char *path, unsigned mode, int64_t owner);

// Access and modification time become the epoch.
int cp_zero_times(int file);

// Keeps freed blocks of up to `bytes` for the next use, and twice as much at the heap's end.
int cp_keep_freed_memory(int bytes);

// Mounts an empty tmpfs with these options, in which nothing is executed; cp_unmount detaches the uppermost mount.
int cp_mount_memory(const char *path, const char *options);
int cp_unmount(const char *path);

// 1 when files below `path` lie in this machine's memory (tmpfs, ramfs), 0 when they do not.
int cp_in_memory(const char *path);

// The terminal's columns, 0 when `file` is no terminal.
int cp_terminal_columns(int file);

// --- The worker process, seen from its parent (Spawn.c) ---

// Where a new worker's way to exec ended.
enum cp_spawn_step {
    CP_STEP_IDENTITY = 1,
    CP_STEP_FOLDER = 2,
    CP_STEP_DESCRIPTORS = 3,
    CP_STEP_LIMITS = 4,
    CP_STEP_EXECUTE = 5,
};

// What a worker may use, 0 for no limit. Core files are always off.
struct cp_limits {
    uint64_t file_bytes;
    uint64_t open_files;
    uint64_t threads;
    uint64_t processor_seconds;
    uint64_t data_bytes;
};

struct cp_spawn_request {
    // Descriptors of the parent. Each becomes the worker's descriptor of the contract in `WorkerDescriptors`.
    int32_t executable;
    int32_t folder;
    int32_t status;
    int32_t control;
    int32_t diagnostics;
    int32_t null_device;
    // Machine code that the worker loads before it raises its walls; -1 for none.
    int32_t machine_code;
    int32_t unused;
    // Receives a `cp_spawn_report` when the worker has its groups and its identity, and one when it cannot go on.
    // Ends at exec.
    int32_t report;
    // The folder of a control group of version 2, and the files `tasks` of groups of version 1; -1 for none. A process
    // that is born in a group, or that enters as the one thread that it is, waits for no other process. One that a
    // parent moves waits until every processor has passed through the scheduler: some 10 ms. What fails here the
    // parent sees in /proc, and does itself.
    int32_t group;
    int32_t memory_tasks;
    int32_t thread_tasks;
    // 1: new process, mount, network, IPC and name namespaces.
    uint8_t namespaces;
    // 1: these in a user namespace of their own, for a parent without privileges.
    uint8_t user_namespace;
    uint8_t reserved[6];
    // The same folder as `folder`; opened again so that it lies in the worker's mount namespace.
    const char *folder_path;
    // The worker's only argument besides its name.
    const char *argument;
    struct cp_limits limits;
};

struct cp_spawn_report {
    int32_t step;
    // 0 when the step was taken.
    int32_t error;
};

struct cp_spawned {
    int32_t pid;
    int32_t pidfd;
};

// Makes the process. It waits for one byte on its control descriptor before it executes the worker, so that
// its parent can first see that it is in its control groups. It is killed when this process ends, however it ends.
int cp_spawn(const struct cp_spawn_request *request, struct cp_spawned *spawned);

// SIGKILL through a pidfd.
int cp_kill(int pidfd);

// --- A program of the system's that runs beside this one (Child.c) ---

// Starts the program at `path`, with nothing on its standard input and `output` as standard output and error, in a
// session of its own. It is killed when the *thread* that calls this ends, so the caller's thread must live as long as
// the program shall. An errno of exec is returned like every other.
int cp_start_program(
    const char *path, char *const arguments[], char *const environment[], int output, struct cp_spawned *started);

// SIGKILL to the program and all that it started, itself ended or not. Not once it was collected: its number may be
// another's then.
int cp_kill_session(int32_t pid);

// Waits until the program has ended, and collects it: its exit status, or 128 and the signal that ended it.
int cp_collect(int pidfd);

// From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT add 1 to the eventfd `event` instead of ending this process, and
// SIGPIPE does nothing. With -1 they end it again.
int cp_route_interrupts(int event);

// --- The worker's walls, raised by itself (Walls.c, Filter.c) ---

// Makes the job folder the root of the process's own mount namespace: read-only but for `out` and `log`.
// Nothing else stays mounted. `folder` then names the new root. -EPERM when the namespace may not be its own.
int cp_enter_folder(int folder);

// 0 for a root that may give files away and change its identity, as a root of a container may not.
int cp_may_give_identity(void);

// Takes an identity that owns nothing, without supplementary groups. -EPERM when not root.
int cp_take_identity(uint32_t identity);

// Empties the bounding set and locks the secure bits, so that no capability comes back. Needs CAP_SETPCAP: to be
// called before the identity changes.
int cp_bound_capabilities(void);

// Empties the ambient, inheritable, permitted and effective sets.
int cp_drop_capabilities(void);

int cp_refuse_new_privileges(void);
int cp_refuse_dumping(void);

// Asks for SIGKILL when the parent ends. -ESRCH when it has, seen by `control` having no writer.
int cp_end_with_parent(int control);

// 0 when every limit that a parent always sets is finite and core files are off; -ENOENT otherwise.
int cp_limits_hold(void);

// The kernel's Landlock version, at least 1.
int cp_landlock_version(void);

// Landlock: `folder` readable, `out`, `log` and `tmp` in it writable, nothing else; what the version has besides
// (truncation, devices, TCP, abstract sockets, signals) denied. Needs no-new-privileges.
int cp_restrict_files(int folder, int version);

// Ends the process at any system call outside the worker's list. Needs no-new-privileges.
int cp_filter_calls(void);

// The calls that the filter allows because runs make them, by index; -1 behind the last. And whether a call has any
// answer in it but the end of the process.
int cp_filter_call(unsigned index);
int cp_filter_knows(int number);

// Threads of this process, from /proc.
int cp_thread_count(void);

// Writes past a file-size limit fail with EFBIG and writes to a closed pipe with EPIPE, instead of a signal.
int cp_ignore_write_signals(void);

// --- Logs (Logs.c) ---

// A pipe that is read, the file that its beginning is appended to, and how much of it is.
struct cp_log {
    const char *pipe;
    const char *file;
    uint64_t maximum_bytes;
};

struct cp_log_keeper;

// Starts a thread that reads all of them, paths below `folder`, until `cp_finish_logs`.
int cp_keep_logs(int folder, const struct cp_log *logs, size_t count, struct cp_log_keeper **started);

// Keeps what is still there, ends the thread and frees everything.
void cp_finish_logs(struct cp_log_keeper *keeper);
