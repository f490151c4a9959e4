#define _GNU_SOURCE
#include "CTrial.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stddef.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "CSEVGuest.h"

// --- include/uapi/linux/sev-guest.h, which CSEVGuest states and checks ---

enum { REQUEST_SIZE = 32, EXTENDED_REQUEST_SIZE = 112, TABLE_POINTER = 96, TABLE_SIZE = 104 };

struct request {
    uint8_t message_version;
    uint8_t padding[7];
    uint64_t question;
    uint64_t response;
    uint64_t exit_info;
};
_Static_assert(sizeof(struct request) == REQUEST_SIZE, "snp_guest_request_ioctl");

// --- The device ---

static int device = -1;
// Larger than any request: the kernel passes at most 32 pages and their headers.
static uint8_t incoming[160 * 1024] __attribute__((aligned(8)));
static uint8_t table[CT_MAXIMUM_TABLE_SIZE];
static uint32_t table_size;

// The question that waits for its answer.
static uint64_t unique;
static struct request request;
static uint8_t question[EXTENDED_REQUEST_SIZE];
static int is_extended;
static uint32_t offered_size;
static uint8_t report[CT_REPORT_SIZE];

int ct_fork(void) {
    pid_t pid = fork();
    return pid < 0 ? -errno : (int)pid;
}

int ct_become_agent(void) {
    char *arguments[] = {"/usr/bin/2cvm-agent", NULL};
    char *environment[] = {NULL};
    execve(arguments[0], arguments, environment);
    return -errno;
}

int ct_append_table_byte(uint8_t byte) {
    if (table_size == sizeof table) return -EMSGSIZE;
    table[table_size++] = byte;
    return 0;
}

uint8_t ct_user_data_byte(int index) { return index >= 0 && index < CT_USER_DATA_SIZE ? question[index] : 0; }

uint32_t ct_level(void) {
    uint32_t level;
    memcpy(&level, question + CT_USER_DATA_SIZE, sizeof level);
    return level;
}

void ct_set_report_byte(int index, uint8_t byte) {
    if (index >= 0 && index < CT_REPORT_SIZE) report[index] = byte;
}

// --- Answers. Source: include/uapi/linux/fuse.h; Documentation/filesystems/fuse.rst; fs/fuse/cuse.c. ---

static int send_parts(uint64_t to, int error, struct iovec *parts, int count) {
    struct fuse_out_header header = {.len = sizeof header, .error = error, .unique = to};
    for (int index = 1; index < count; index++) header.len += (uint32_t)parts[index].iov_len;
    parts[0] = (struct iovec){&header, sizeof header};
    ssize_t written = writev(device, parts, count);
    if (written < 0) return -errno;
    return written == (ssize_t)header.len ? 0 : -EIO;
}

static int send_error(uint64_t to, int error) {
    struct iovec parts[1];
    return send_parts(to, error, parts, 1);
}

static int send_body(uint64_t to, const void *body, size_t size) {
    struct iovec parts[2] = {[1] = {(void *)body, size}};
    return send_parts(to, 0, parts, 2);
}

// Has the kernel call again, with these of the caller's memory: to read, then to write.
static int send_retry(uint64_t to, const struct fuse_ioctl_iovec *places, uint32_t inputs, uint32_t outputs) {
    struct fuse_ioctl_out retry = {.flags = FUSE_IOCTL_RETRY, .in_iovs = inputs, .out_iovs = outputs};
    struct iovec parts[3] = {
        [1] = {&retry, sizeof retry},
        [2] = {(void *)places, (inputs + outputs) * sizeof *places},
    };
    return send_parts(to, 0, parts, 3);
}

static int send_result(uint64_t to, int result) {
    struct fuse_ioctl_out out = {.result = result};
    return send_body(to, &out, sizeof out);
}

static int send_initialisation(const struct fuse_in_header *header, const struct cuse_init_in *asked) {
    static const char name[] = "DEVNAME=sev-guest";
    struct cuse_init_out out = {
        .major = FUSE_KERNEL_VERSION,
        .minor = asked->minor,
        .flags = CUSE_UNRESTRICTED_IOCTL,
        .max_read = 131072,
        .max_write = 65536,
    };
    struct iovec parts[3] = {[1] = {&out, sizeof out}, [2] = {(void *)name, sizeof name}};
    return send_parts(header->unique, 0, parts, 3);
}

// --- Requests for a report: the request, then the question behind its pointer, then room for the answer. ---

// 1 when there is a question to answer, 0 when the kernel was told something else.
static int take_call(const struct fuse_in_header *header, const struct fuse_ioctl_in *call) {
    const uint8_t *data = (const uint8_t *)(call + 1);
    if (header->len < sizeof *header + sizeof *call + call->in_size) return send_result(header->unique, -EIO);
    is_extended = call->cmd == CP_SEV_GET_EXTENDED_REPORT;
    if (!is_extended && call->cmd != CP_SEV_GET_REPORT) return send_result(header->unique, -ENOTTY);
    uint32_t question_size = is_extended ? EXTENDED_REQUEST_SIZE : CP_SEV_REPORT_REQUEST_SIZE;

    struct fuse_ioctl_iovec places[5] = {{call->arg, REQUEST_SIZE}};
    if (call->in_size < REQUEST_SIZE) return send_retry(header->unique, places, 1, 0);
    memcpy(&request, data, sizeof request);
    places[1] = (struct fuse_ioctl_iovec){request.question, question_size};
    if (call->in_size < REQUEST_SIZE + question_size) return send_retry(header->unique, places, 2, 0);
    memcpy(question, data + REQUEST_SIZE, question_size);

    uint64_t table_place = 0;
    offered_size = 0;
    if (is_extended) {
        memcpy(&table_place, question + TABLE_POINTER, sizeof table_place);
        memcpy(&offered_size, question + TABLE_SIZE, sizeof offered_size);
        if (offered_size < table_size || offered_size > 65536) return send_result(header->unique, -EINVAL);
    }
    uint32_t room = REQUEST_SIZE + CP_SEV_REPORT_RESPONSE_SIZE + (is_extended ? table_size : 0);
    places[2] = places[0];
    places[3] = (struct fuse_ioctl_iovec){request.response, CP_SEV_REPORT_RESPONSE_SIZE};
    places[4] = (struct fuse_ioctl_iovec){table_place, table_size};
    if (call->out_size == 0) return send_retry(header->unique, places, 2, is_extended && table_size > 0 ? 3 : 2);
    // The caller's other threads may have changed what was read before.
    if (call->out_size != room) return send_result(header->unique, -EFAULT);
    for (size_t index = CT_USER_DATA_SIZE + 4; index < CP_SEV_REPORT_REQUEST_SIZE; index++) {
        if (question[index] != 0) return send_result(header->unique, -EINVAL);
    }
    unique = header->unique;
    return 1;
}

int ct_answer(int error) {
    if (error < 0) return send_result(unique, error);
    // MSG_REPORT_RSP: status 0, size, 24 reserved bytes, the report.
    static uint8_t response[CP_SEV_REPORT_RESPONSE_SIZE];
    uint32_t size = CT_REPORT_SIZE;
    memcpy(response + 4, &size, sizeof size);
    memcpy(response + 32, report, sizeof report);
    request.exit_info = 0;
    struct fuse_ioctl_out out = {.result = 0};
    struct iovec parts[5] = {
        [1] = {&out, sizeof out},
        [2] = {&request, sizeof request},
        [3] = {response, sizeof response},
        [4] = {table, table_size},
    };
    return send_parts(unique, 0, parts, is_extended && table_size > 0 ? 5 : 4);
}

// 1 when there is a question to answer, 0 when the kernel was told something else.
static int take_message(size_t size) {
    const struct fuse_in_header *header = (const void *)incoming;
    if (size < sizeof *header || header->len != size) return -EIO;
    const void *body = incoming + sizeof *header;
    size_t body_size = size - sizeof *header;
    switch (header->opcode) {
    case CUSE_INIT: return body_size < sizeof(struct cuse_init_in) ? -EIO : send_initialisation(header, body);
    case FUSE_OPEN: {
        struct fuse_open_out out = {0};
        return send_body(header->unique, &out, sizeof out);
    }
    case FUSE_RELEASE:
    case FUSE_FLUSH: return send_error(header->unique, 0);
    case FUSE_INTERRUPT: return 0; // each request is answered soon
    case FUSE_IOCTL: return body_size < sizeof(struct fuse_ioctl_in) ? -EIO : take_call(header, body);
    default: return send_error(header->unique, -ENOSYS);
    }
}

int ct_make_device(void) {
    device = open("/dev/cuse", O_RDWR | O_CLOEXEC);
    return device < 0 ? -errno : 0;
}

int ct_await_question(void) {
    while (1) {
        ssize_t count = read(device, incoming, sizeof incoming);
        if (count < 0) {
            // ENOENT: a request that was taken back.
            if (errno == EINTR || errno == EAGAIN || errno == ENOENT) continue;
            return -errno;
        }
        int result = take_message((size_t)count);
        // ENOENT: an answer to a request that was taken back.
        if (result > 0 || (result < 0 && result != -ENOENT)) return result;
    }
}
