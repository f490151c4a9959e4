#define _GNU_SOURCE
#include "CBoot.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// --- The root, mounts, modules ---

int cp_boot_cover_root(void) {
    // include/uapi/linux/mount.h: OPEN_TREE_CLONE, MOVE_MOUNT_F_EMPTY_PATH.
    enum { tree_clone = 1, from_empty_path = 4 };
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, "/", tree_clone | O_CLOEXEC);
    if (tree < 0) return -errno;
    int result = 0;
    if (fchdir(tree) != 0 || syscall(SYS_move_mount, tree, "", AT_FDCWD, "/", from_empty_path) != 0 || chroot(".") != 0
        || chdir("/") != 0) {
        result = -errno;
    }
    close(tree);
    return result;
}

int cp_boot_mount(const char *kind, const char *path, unsigned flags, const char *options) {
    unsigned long all = MS_NOSUID;
    if (flags & CP_MOUNT_NO_DEVICES) all |= MS_NODEV;
    if (flags & CP_MOUNT_NO_EXECUTION) all |= MS_NOEXEC;
    return mount("2cvm", path, kind, all, options) == 0 ? 0 : -errno;
}

int cp_boot_load_module(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return -errno;
    int result = syscall(SYS_finit_module, file, "", 0) == 0 ? 0 : -errno;
    close(file);
    return result;
}

int cp_boot_await_randomness(void) {
    unsigned char byte;
    ssize_t count;
    do { count = getrandom(&byte, 1, 0); } while (count < 0 && errno == EINTR);
    return count == 1 ? 0 : -errno;
}

// --- The network: IPv4, by the calls that need no library. Addresses are in network byte order. ---

static int name_request(struct ifreq *request, const char *name) {
    memset(request, 0, sizeof *request);
    size_t length = strlen(name);
    if (length == 0 || length >= sizeof request->ifr_name) return -EINVAL;
    memcpy(request->ifr_name, name, length);
    return 0;
}

static void put_address(struct sockaddr *place, uint32_t address) {
    struct sockaddr_in value = {.sin_family = AF_INET, .sin_addr.s_addr = address};
    memcpy(place, &value, sizeof value);
}

static int control_socket(void) {
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return control < 0 ? -errno : control;
}

int cp_boot_interface_up(const char *name) {
    struct ifreq request;
    int result = name_request(&request, name);
    if (result < 0) return result;
    int control = control_socket();
    if (control < 0) return control;
    if (ioctl(control, SIOCGIFFLAGS, &request) != 0) result = -errno;
    request.ifr_flags |= IFF_UP;
    if (result == 0 && ioctl(control, SIOCSIFFLAGS, &request) != 0) result = -errno;
    close(control);
    return result;
}

int cp_boot_hardware_address(const char *name, uint8_t address[6]) {
    struct ifreq request;
    int result = name_request(&request, name);
    if (result < 0) return result;
    int control = control_socket();
    if (control < 0) return control;
    if (ioctl(control, SIOCGIFHWADDR, &request) != 0) {
        result = -errno;
    } else if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        result = -EPROTONOSUPPORT;
    } else {
        memcpy(address, request.ifr_hwaddr.sa_data, 6);
    }
    close(control);
    return result;
}

int cp_boot_set_address(const char *name, uint32_t address, uint32_t mask) {
    struct ifreq request;
    int result = name_request(&request, name);
    if (result < 0) return result;
    int control = control_socket();
    if (control < 0) return control;
    put_address(&request.ifr_addr, address);
    if (ioctl(control, SIOCSIFADDR, &request) != 0) result = -errno;
    put_address(&request.ifr_netmask, mask);
    if (result == 0 && ioctl(control, SIOCSIFNETMASK, &request) != 0) result = -errno;
    close(control);
    return result;
}

int cp_boot_set_router(uint32_t router) {
    struct rtentry route = {.rt_flags = RTF_UP | RTF_GATEWAY};
    put_address(&route.rt_dst, INADDR_ANY);
    put_address(&route.rt_genmask, INADDR_ANY);
    put_address(&route.rt_gateway, router);
    int control = control_socket();
    if (control < 0) return control;
    int result = ioctl(control, SIOCADDRT, &route) == 0 ? 0 : -errno;
    close(control);
    return result;
}

// --- DHCP's datagrams: from port 68 of one interface to port 67 of everyone, and back. ---

int cp_boot_dhcp_socket(const char *name) {
    int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return -errno;
    int on = 1;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(68), .sin_addr.s_addr = INADDR_ANY};
    if (setsockopt(socket_, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) != 0
        || setsockopt(socket_, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name)) != 0
        || bind(socket_, (struct sockaddr *)&here, sizeof here) != 0) {
        int error = errno;
        close(socket_);
        return -error;
    }
    return socket_;
}

int cp_boot_dhcp_send(int socket_, const void *message, size_t size) {
    struct sockaddr_in everyone = {
        .sin_family = AF_INET,
        .sin_port = htons(67),
        .sin_addr.s_addr = INADDR_BROADCAST,
    };
    ssize_t sent;
    do {
        sent = sendto(socket_, message, size, 0, (struct sockaddr *)&everyone, sizeof everyone);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) return -errno;
    return sent == (ssize_t)size ? 0 : -EMSGSIZE;
}

int cp_boot_dhcp_receive(int socket_, void *message, size_t capacity, int milliseconds) {
    struct pollfd waiting = {.fd = socket_, .events = POLLIN};
    int ready = poll(&waiting, 1, milliseconds);
    if (ready < 0) return -errno;
    if (ready == 0) return -ETIMEDOUT;
    struct sockaddr_in sender = {0};
    socklen_t size = sizeof sender;
    // MSG_TRUNC: the whole length, so that what does not fit is not taken for what does.
    ssize_t count = recvfrom(socket_, message, capacity, MSG_TRUNC | MSG_DONTWAIT, (struct sockaddr *)&sender, &size);
    if (count < 0) return -errno;
    if (sender.sin_family != AF_INET || sender.sin_port != htons(67)) return -EPROTO;
    return (size_t)count > capacity ? -EMSGSIZE : (int)count;
}

// --- The first process's duty ---

int cp_boot_reap_until(int pidfd) {
    while (1) {
        // Looked at first, and taken by its number afterwards: the one that is waited for tells its status below.
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) != 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        siginfo_t own = {0};
        if (waitid(P_PIDFD, (id_t)pidfd, &own, WEXITED | WNOHANG) != 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        if (own.si_pid != 0) return own.si_code == CLD_EXITED ? own.si_status : 128 + own.si_status;
        (void)waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOHANG);
    }
}

int cp_boot_end_machine(void) {
    sync();
    return reboot(RB_AUTOBOOT) == 0 ? 0 : -errno;
}
