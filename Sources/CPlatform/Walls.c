#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// --- The mount namespace. Structure and values from include/uapi/linux/mount.h. ---

struct mount_attr_v0 {
    uint64_t attr_set;
    uint64_t attr_clr;
    uint64_t propagation;
    uint64_t userns_fd;
};
_Static_assert(sizeof(struct mount_attr_v0) == 32, "MOUNT_ATTR_SIZE_VER0");

enum {
    ATTR_RDONLY = 0x1,
    ATTR_NOSUID = 0x2,
    ATTR_NODEV = 0x4,
    ATTR_NOEXEC = 0x8,
    ATTR_NOSYMFOLLOW = 0x200000,
    TREE_CLONE = 0x1,
    TREE_RECURSIVE = 0x8000,
    MOVE_FROM_EMPTY_PATH = 0x04,
    MOVE_TO_EMPTY_PATH = 0x40,
};

// A copy of the mounts at `path`, attached nowhere yet, in which nothing is executed and no link followed.
static int copy_tree(int folder, const char *path, uint64_t attributes) {
    long tree = syscall(SYS_open_tree, folder, path, TREE_CLONE | TREE_RECURSIVE | O_CLOEXEC | AT_EMPTY_PATH);
    if (tree < 0) return -1;
    struct mount_attr_v0 set = {
        .attr_set = attributes | ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC | ATTR_NOSYMFOLLOW,
    };
    if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | TREE_RECURSIVE, &set, sizeof set) != 0) return -1;
    return (int)tree;
}

static int attach(int tree, int folder, const char *path) {
    int flags = MOVE_FROM_EMPTY_PATH | (path[0] == '\0' ? MOVE_TO_EMPTY_PATH : 0);
    return syscall(SYS_move_mount, tree, "", folder, path, flags) == 0 ? 0 : -1;
}

// Makes `root` the root and detaches what was there. An initial ramdisk cannot be pivoted away: it is covered.
static int take_root(int root) {
    if (fchdir(root) != 0) return -1;
    if (syscall(SYS_pivot_root, ".", ".") == 0) {
        if (umount2(".", MNT_DETACH) != 0) return -1;
    } else {
        if (errno != EINVAL || attach(root, AT_FDCWD, "/") != 0) return -1;
        if (chroot(".") != 0) return -1;
    }
    return chdir("/");
}

int cp_enter_folder(int folder) {
    // A parent makes both namespaces or none, and only in a process namespace of its own is a worker number 1.
    // Without that, this would move the root of the whole machine.
    if (getpid() != 1) return -EPERM;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -errno;
    int root = copy_tree(folder, "", ATTR_RDONLY);
    if (root < 0) return -errno;
    int out = copy_tree(folder, "out", 0);
    if (out < 0) return -errno;
    int log = copy_tree(folder, "log", 0);
    if (log < 0) return -errno;
    int temporary = copy_tree(folder, "tmp", 0);
    if (temporary < 0) return -errno;
    if (attach(root, folder, "") != 0 || attach(out, root, "out") != 0 || attach(log, root, "log") != 0) return -errno;
    if (attach(temporary, root, "tmp") != 0) return -errno;
    if (take_root(root) != 0) return -errno;

    int opened = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0 || dup3(opened, folder, O_CLOEXEC) < 0) return -errno;
    close(opened);
    close(temporary);
    close(log);
    close(out);
    close(root);
    return 0;
}

// --- Identity and privileges ---

int cp_may_give_identity(void) {
    static const uint32_t needed = 1u << CAP_CHOWN | 1u << CAP_SETUID | 1u << CAP_SETGID;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{0}};
    if (geteuid() != 0) return -EPERM;
    if (syscall(SYS_capget, &header, sets) != 0) return -errno;
    return (sets[0].effective & needed) == needed ? 0 : -EPERM;
}

int cp_take_identity(uint32_t identity) {
    // As the parent decided when it gave the folders away, or did not.
    int may = cp_may_give_identity();
    if (may != 0) return may;
    if (setgroups(0, NULL) != 0) return -errno;
    if (setresgid(identity, identity, identity) != 0) return -errno;
    if (setresuid(identity, identity, identity) != 0) return -errno;
    return 0;
}

int cp_bound_capabilities(void) {
    for (int capability = 0; capability < 64; capability++) {
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) != 1) continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return -errno;
    }
    unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED
        | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    return prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) == 0 ? 0 : -errno;
}

int cp_drop_capabilities(void) {
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return -errno;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{0}};
    return syscall(SYS_capset, &header, sets) == 0 ? 0 : -errno;
}

int cp_refuse_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : -errno; }

int cp_refuse_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : -errno; }

int cp_end_with_parent(int control) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return -errno;
    // The parent may have ended before the request. Its end of the pipe then has no writer left.
    struct pollfd pipe = {.fd = control, .events = 0};
    if (poll(&pipe, 1, 0) < 0) return -errno;
    return (pipe.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0 ? 0 : -ESRCH;
}

// --- Limits ---

static int is_finite(int resource) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_max != RLIM_INFINITY;
}

int cp_limits_hold(void) {
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0) return -ENOENT;
    static const int resources[] = {RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_MEMLOCK};
    for (size_t index = 0; index < sizeof resources / sizeof *resources; index++) {
        if (!is_finite(resources[index])) return -ENOENT;
    }
    return 0;
}

int cp_ignore_write_signals(void) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    if (sigaction(SIGXFSZ, &action, NULL) != 0 || sigaction(SIGPIPE, &action, NULL) != 0) return -errno;
    return 0;
}

int cp_thread_count(void) {
    DIR *threads = opendir("/proc/self/task");
    if (threads == NULL) return -errno;
    int count = 0;
    for (struct dirent *entry = readdir(threads); entry != NULL; entry = readdir(threads)) {
        if (entry->d_name[0] != '.') count++;
    }
    closedir(threads);
    return count;
}
