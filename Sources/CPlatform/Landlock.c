#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

// include/uapi/linux/landlock.h. Written out, since the headers of Debian 12 end at version 2.

struct ruleset_attr {
    uint64_t handled_access_fs;
    uint64_t handled_access_net; // since version 4
    uint64_t scoped;             // since version 6
};
_Static_assert(sizeof(struct ruleset_attr) == 24, "as of version 6");

struct path_beneath_attr {
    uint64_t allowed_access;
    int32_t parent_fd;
} __attribute__((packed));
_Static_assert(sizeof(struct path_beneath_attr) == 12, "packed");

enum {
    CREATE_RULESET_VERSION = 1 << 0,
    RULE_PATH_BENEATH = 1,

    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_DIR = 1 << 4,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_DIR = 1 << 7,
    FS_MAKE_REG = 1 << 8,
    FS_REFER = 1 << 13,
    FS_TRUNCATE = 1 << 14,

    FS_ALL_VERSION_1 = (1 << 13) - 1,
    FS_ALL_VERSION_2 = (1 << 14) - 1, // and linking between folders
    FS_ALL_VERSION_3 = (1 << 15) - 1, // and truncating
    FS_ALL_VERSION_5 = (1 << 16) - 1, // and device control

    NET_BIND_AND_CONNECT = 3,
    SCOPE_SOCKETS_AND_SIGNALS = 3,
};

int cp_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return version < 0 ? -errno : (int)version;
}

static int allow(int ruleset, int folder, const char *path, uint64_t access) {
    int opened = openat(folder, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) return -1;
    struct path_beneath_attr rule = {access, opened};
    long result = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
    int error = errno;
    close(opened);
    errno = error;
    return result == 0 ? 0 : -1;
}

int cp_restrict_files(int folder, int version) {
    if (version < 1) return -EOPNOTSUPP;
    struct ruleset_attr handled = {.handled_access_fs = FS_ALL_VERSION_1};
    size_t size = sizeof handled.handled_access_fs;
    if (version >= 2) handled.handled_access_fs = FS_ALL_VERSION_2;
    if (version >= 3) handled.handled_access_fs = FS_ALL_VERSION_3;
    if (version >= 4) {
        handled.handled_access_net = NET_BIND_AND_CONNECT;
        size += sizeof handled.handled_access_net;
    }
    if (version >= 5) handled.handled_access_fs = FS_ALL_VERSION_5;
    if (version >= 6) {
        handled.scoped = SCOPE_SOCKETS_AND_SIGNALS;
        size += sizeof handled.scoped;
    }
    long ruleset = syscall(SYS_landlock_create_ruleset, &handled, size, 0);
    if (ruleset < 0) return -errno;

    uint64_t read = FS_READ_FILE | FS_READ_DIR;
    // Files and folders may be made, filled, moved and removed. Sockets, pipes and devices may not be made. Links are
    // the filter's to refuse: moving between folders needs the right that they need.
    uint64_t write =
        read | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_REFER | FS_TRUNCATE;
    write &= handled.handled_access_fs;
    int error = 0;
    if (allow((int)ruleset, folder, ".", read) != 0 || allow((int)ruleset, folder, "out", write) != 0
        || allow((int)ruleset, folder, "log", write) != 0 || allow((int)ruleset, folder, "tmp", write) != 0
        || syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        error = errno;
    }
    close((int)ruleset);
    return -error;
}
