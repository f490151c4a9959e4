#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

struct kept {
    int pipe;
    int file;
    uint64_t room;
};

struct cp_log_keeper {
    pthread_t thread;
    size_t count;
    struct kept *kept;
    // One for each pipe, then the event that asks for the end.
    struct pollfd *waiting;
    char bytes[65536];
};

int cp_make_pipe_at(int folder, const char *path, unsigned mode, int64_t owner) {
    if (mkfifoat(folder, path, mode) != 0) return -errno;
    if (fchmodat(folder, path, mode, 0) != 0) return -errno;
    if (owner >= 0 && fchownat(folder, path, (uid_t)owner, (gid_t)-1, AT_SYMLINK_NOFOLLOW) != 0) return -errno;
    return 0;
}

// What does not fit, or cannot be written, is lost.
static void keep(struct kept *log, const char *bytes, size_t count) {
    if (count > log->room) count = log->room;
    while (count > 0) {
        ssize_t written = write(log->file, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            log->room = 0;
            return;
        }
        bytes += written;
        count -= (size_t)written;
        log->room -= (uint64_t)written;
    }
}

// Whether there was something.
static int take(struct cp_log_keeper *keeper, struct kept *log) {
    ssize_t count = read(log->pipe, keeper->bytes, sizeof keeper->bytes);
    if (count <= 0) return 0;
    keep(log, keeper->bytes, (size_t)count);
    return 1;
}

static void *keep_logs(void *argument) {
    struct cp_log_keeper *keeper = argument;
    for (;;) {
        if (poll(keeper->waiting, keeper->count + 1, -1) < 0 && errno != EINTR) break;
        for (size_t i = 0; i < keeper->count; i++) {
            if (keeper->waiting[i].revents != 0) (void)take(keeper, &keeper->kept[i]);
        }
        if (keeper->waiting[keeper->count].revents != 0) break;
    }
    // What a pipe holds is read in one or two pieces. A component that still prints is not waited for.
    for (size_t i = 0; i < keeper->count; i++) {
        for (int pieces = 0; pieces < 64 && take(keeper, &keeper->kept[i]); pieces++) continue;
    }
    return NULL;
}

static void close_logs(struct cp_log_keeper *keeper) {
    for (size_t i = 0; keeper->kept != NULL && i < keeper->count; i++) {
        if (keeper->kept[i].pipe >= 0) close(keeper->kept[i].pipe);
        if (keeper->kept[i].file >= 0) close(keeper->kept[i].file);
    }
    if (keeper->waiting != NULL && keeper->waiting[keeper->count].fd >= 0) close(keeper->waiting[keeper->count].fd);
    free(keeper->waiting);
    free(keeper->kept);
    free(keeper);
}

static int open_log(struct cp_log_keeper *keeper, size_t index, int folder, const struct cp_log *log) {
    struct kept *kept = &keeper->kept[index];
    // For both directions, so that it has a writer whenever it is read, and a reader whenever it is opened.
    kept->pipe = openat(folder, log->pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (kept->pipe < 0) return -errno;
    struct stat found;
    if (fstat(kept->pipe, &found) != 0 || !S_ISFIFO(found.st_mode)) return -EINVAL;
    kept->room = log->maximum_bytes;
    if (kept->room > 0) {
        kept->file = openat(folder, log->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (kept->file < 0) return -errno;
    }
    keeper->waiting[index] = (struct pollfd){.fd = kept->pipe, .events = POLLIN};
    return 0;
}

static int start_thread(struct cp_log_keeper *keeper) {
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return -error;
    error = pthread_attr_setstacksize(&attributes, 256 << 10);
    if (error == 0) error = pthread_create(&keeper->thread, &attributes, keep_logs, keeper);
    pthread_attr_destroy(&attributes);
    return -error;
}

int cp_keep_logs(int folder, const struct cp_log *logs, size_t count, struct cp_log_keeper **started) {
    struct cp_log_keeper *keeper = calloc(1, sizeof *keeper);
    if (keeper == NULL) return -ENOMEM;
    keeper->count = count;
    keeper->kept = calloc(count + 1, sizeof *keeper->kept);
    keeper->waiting = calloc(count + 1, sizeof *keeper->waiting);
    int result = keeper->kept == NULL || keeper->waiting == NULL ? -ENOMEM : 0;
    if (result == 0) {
        for (size_t i = 0; i < count; i++) keeper->kept[i].pipe = keeper->kept[i].file = -1;
        int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        keeper->waiting[count] = (struct pollfd){.fd = event, .events = POLLIN};
        if (event < 0) result = -errno;
    }
    for (size_t i = 0; i < count && result == 0; i++) result = open_log(keeper, i, folder, &logs[i]);
    if (result == 0) result = start_thread(keeper);
    if (result != 0) {
        close_logs(keeper);
        return result;
    }
    *started = keeper;
    return 0;
}

void cp_finish_logs(struct cp_log_keeper *keeper) {
    (void)eventfd_write(keeper->waiting[keeper->count].fd, 1);
    (void)pthread_join(keeper->thread, NULL);
    close_logs(keeper);
}
