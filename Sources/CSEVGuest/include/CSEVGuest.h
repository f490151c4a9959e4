#pragma once

#include <stdint.h>

// Requests of an SEV-SNP guest to its firmware, through /dev/sev-guest.

// ioctl numbers.
enum {
    CP_SEV_GET_REPORT = 0xC0205300,
    CP_SEV_GET_DERIVED_KEY = 0xC0205301,
    CP_SEV_GET_EXTENDED_REPORT = 0xC0205302,
};

// Sizes of what a caller passes, bytes.
enum {
    CP_SEV_REPORT_REQUEST_SIZE = 96,
    CP_SEV_REPORT_RESPONSE_SIZE = 4000,
    CP_SEV_DERIVED_KEY_REQUEST_SIZE = 32,
    CP_SEV_DERIVED_KEY_RESPONSE_SIZE = 64,
};

// One request and its answer. The buffers have the sizes above, by command.
struct cp_sev_exchange {
    const void *request;
    void *response;
    // Extended reports only. The size is a multiple of the page size; afterwards it is what the host asks for.
    void *certificates;
    uint32_t certificates_size;
    // Afterwards: the firmware's status in the low half, the hypervisor's in the high half.
    uint64_t exit_info;
};

// Returns 0, or the negated errno.
int cp_sev_guest_call(int device, uint32_t command, struct cp_sev_exchange *exchange);
