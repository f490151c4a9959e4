#pragma once

#include <stddef.h>
#include <stdint.h>

// What the first process of an image does (Boot.c). 0 or more on success, a negated errno otherwise.
// Addresses are IPv4 in network byte order.

// A second mount of the root, over it. A worker can pivot away from that one, and never from an initial ramdisk.
int cp_boot_cover_root(void);

enum { CP_MOUNT_NO_DEVICES = 1, CP_MOUNT_NO_EXECUTION = 2 };

// Mounts a file system of the kernel's on an existing folder. Set-user-ID bits never count.
int cp_boot_mount(const char *kind, const char *path, unsigned flags, const char *options);

// finit_module(2), without parameters.
int cp_boot_load_module(const char *path);

// Returns once the kernel's generator is seeded, and not before.
int cp_boot_await_randomness(void);

int cp_boot_interface_up(const char *name);
// -EPROTONOSUPPORT for what is no Ethernet.
int cp_boot_hardware_address(const char *name, uint8_t address[6]);
int cp_boot_set_address(const char *name, uint32_t address, uint32_t mask);
int cp_boot_set_router(uint32_t router);

// A socket on port 68 of that interface, and of no other.
int cp_boot_dhcp_socket(const char *name);
// To port 67 of everyone.
int cp_boot_dhcp_send(int socket, const void *message, size_t size);
// One datagram. -ETIMEDOUT when none came, -EMSGSIZE for a longer one, -EPROTO for one from another port.
int cp_boot_dhcp_receive(int socket, void *message, size_t capacity, int milliseconds);

// Collects every child and every orphan until the one behind `pidfd` has ended: its exit status, or 128 and the
// signal that ended it.
int cp_boot_reap_until(int pidfd);

// Restarts the machine, which ends a VM that may not restart. Without ACPI there is no powering off.
int cp_boot_end_machine(void);
