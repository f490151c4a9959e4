// An SNP device in software, for a trial: /dev/sev-guest made through /dev/cuse, without a library.
//
// One request at a time, in one process. Bytes are passed one by one, so that callers need no pointers.
// 0 or more on success, a negated errno otherwise.
#pragma once

#include <stdint.h>

enum {
    CT_USER_DATA_SIZE = 64,
    CT_REPORT_SIZE = 1184,
    CT_MAXIMUM_TABLE_SIZE = 16384,
};

// Another process, which ends with this one no sooner than the machine. 0 in the new one.
int ct_fork(void);

// Becomes the program that the image would have started, without arguments. Returns only when it could not.
int ct_become_agent(void);

// Opens /dev/cuse and makes the device.
int ct_make_device(void);

// A byte of the certificate table that extended requests are answered with, in order.
int ct_append_table_byte(uint8_t byte);

// Waits until somebody asks for a report.
int ct_await_question(void);

// The question.
uint8_t ct_user_data_byte(int index);
uint32_t ct_level(void);

// The answer: all bytes of a report, then the sending of it. A negative `error`, an errno, is sent in its place.
void ct_set_report_byte(int index, uint8_t byte);
int ct_answer(int error);
