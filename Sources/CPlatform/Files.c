#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// include/uapi/linux/openat2.h
struct open_how_v0 {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};
_Static_assert(sizeof(struct open_how_v0) == 24, "OPEN_HOW_SIZE_VER0");

enum { RESOLVE_NO_MAGICLINKS_ = 0x02, RESOLVE_NO_SYMLINKS_ = 0x04, RESOLVE_BENEATH_ = 0x08 };

static int result_of(long value) { return value < 0 ? -errno : (int)value; }

const char *cp_describe(int error) { return strerrordesc_np(error); }

int cp_open_beneath(int folder, const char *path, int flags, unsigned mode) {
    struct open_how_v0 how = {
        .flags = (uint64_t)(flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY),
        .mode = mode,
        .resolve = RESOLVE_BENEATH_ | RESOLVE_NO_SYMLINKS_ | RESOLVE_NO_MAGICLINKS_,
    };
    return result_of(syscall(SYS_openat2, folder, path, &how, sizeof how));
}

int cp_open(const char *path, int flags) { return result_of(open(path, flags | O_CLOEXEC | O_NOCTTY)); }

int cp_open_path(const char *path) { return result_of(open(path, O_PATH | O_CLOEXEC)); }

int cp_pipe(int ends[2]) { return result_of(pipe2(ends, O_CLOEXEC)); }

int cp_memory_file(const char *name) { return result_of(memfd_create(name, MFD_CLOEXEC)); }

int cp_event(void) { return result_of(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int cp_read_entries(int folder, void *entries, size_t capacity) {
    return result_of(syscall(SYS_getdents64, folder, entries, capacity));
}

int cp_zero_times(int file) {
    struct timespec epoch[2] = {{0, 0}, {0, 0}};
    return result_of(futimens(file, epoch));
}

int cp_mount_memory(const char *path, const char *options) {
    return result_of(mount("2cvm", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options));
}

int cp_unmount(const char *path) { return result_of(umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW)); }

int cp_in_memory(const char *path) {
    struct statfs status;
    if (statfs(path, &status) != 0) return -errno;
    return status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC;
}

int cp_terminal_columns(int file) {
    struct winsize size = {0};
    return ioctl(file, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
