#include "CSEVGuest.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

// The structures of include/uapi/linux/sev-guest.h. Declared here because Debian 12's headers lack parts of them.

struct report_request {
    uint8_t user_data[64];
    uint32_t vmpl;
    uint8_t reserved[28];
};

struct report_response {
    uint8_t data[4000];
};

struct extended_report_request {
    struct report_request report;
    uint64_t certificates;
    uint32_t certificates_size;
};

struct derived_key_request {
    uint32_t root_key;
    uint32_t reserved;
    uint64_t fields;
    uint32_t vmpl;
    uint32_t guest_svn;
    uint64_t tcb;
};

struct derived_key_response {
    uint8_t data[64];
};

struct guest_request {
    uint8_t message_version;
    uint64_t request;
    uint64_t response;
    uint64_t exit_info;
};

_Static_assert(sizeof(struct report_request) == CP_SEV_REPORT_REQUEST_SIZE, "snp_report_req");
_Static_assert(offsetof(struct report_request, vmpl) == 64, "snp_report_req.vmpl");
_Static_assert(sizeof(struct report_response) == CP_SEV_REPORT_RESPONSE_SIZE, "snp_report_resp");
_Static_assert(sizeof(struct extended_report_request) == 112, "snp_ext_report_req");
_Static_assert(offsetof(struct extended_report_request, certificates) == 96, "snp_ext_report_req.certs_address");
_Static_assert(offsetof(struct extended_report_request, certificates_size) == 104, "snp_ext_report_req.certs_len");
_Static_assert(sizeof(struct derived_key_request) == CP_SEV_DERIVED_KEY_REQUEST_SIZE, "snp_derived_key_req");
_Static_assert(offsetof(struct derived_key_request, fields) == 8, "snp_derived_key_req.guest_field_select");
_Static_assert(offsetof(struct derived_key_request, vmpl) == 16, "snp_derived_key_req.vmpl");
_Static_assert(offsetof(struct derived_key_request, guest_svn) == 20, "snp_derived_key_req.guest_svn");
_Static_assert(offsetof(struct derived_key_request, tcb) == 24, "snp_derived_key_req.tcb_version");
_Static_assert(sizeof(struct derived_key_response) == CP_SEV_DERIVED_KEY_RESPONSE_SIZE, "snp_derived_key_resp");
_Static_assert(sizeof(struct guest_request) == 32, "snp_guest_request_ioctl");
_Static_assert(offsetof(struct guest_request, request) == 8, "snp_guest_request_ioctl.req_data");
_Static_assert(offsetof(struct guest_request, response) == 16, "snp_guest_request_ioctl.resp_data");
_Static_assert(offsetof(struct guest_request, exit_info) == 24, "snp_guest_request_ioctl.exitinfo2");
_Static_assert(_IOWR('S', 0, struct guest_request) == CP_SEV_GET_REPORT, "SNP_GET_REPORT");
_Static_assert(_IOWR('S', 1, struct guest_request) == CP_SEV_GET_DERIVED_KEY, "SNP_GET_DERIVED_KEY");
_Static_assert(_IOWR('S', 2, struct guest_request) == CP_SEV_GET_EXTENDED_REPORT, "SNP_GET_EXT_REPORT");

int cp_sev_guest_call(int device, uint32_t command, struct cp_sev_exchange *exchange) {
    struct extended_report_request extended = {{{0}}};
    struct guest_request request = {
        .message_version = 1,
        .request = (uintptr_t)exchange->request,
        .response = (uintptr_t)exchange->response,
        .exit_info = exchange->exit_info,
    };
    if (command == CP_SEV_GET_EXTENDED_REPORT) {
        memcpy(&extended.report, exchange->request, sizeof extended.report);
        extended.certificates = (uintptr_t)exchange->certificates;
        extended.certificates_size = exchange->certificates_size;
        request.request = (uintptr_t)&extended;
    }
    int result = ioctl(device, command, &request);
    int error = result < 0 ? errno : 0;
    exchange->exit_info = request.exit_info;
    if (command == CP_SEV_GET_EXTENDED_REPORT) exchange->certificates_size = extended.certificates_size;
    return -error;
}
