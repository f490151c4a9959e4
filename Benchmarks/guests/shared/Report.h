// What the timed guests share: the clock, and a small JSON object as output.
#pragma once
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

// clang-format off
struct list { void *start; u32 count; };
struct reading { u64 time; u32 sensor; double value; };
struct decision { u8 failed; u32 value; };
struct files_result { u8 failed; struct list value; };
// clang-format on

/// Nanoseconds on the host's clock: the manifest grants `"clock": "real"`.
IMPORT("wasi:clocks/monotonic-clock@0.2.12", "now") u64 clock_now(void);
IMPORT("twocvm:guest/files", "read") void files_read(const char *path, u32 count, struct files_result *);
IMPORT("twocvm:guest/files", "write")
void files_write(const char *path, u32 path_count, const void *content, u32 count, struct files_result *);

void *malloc(unsigned long);
void free(void *);

/// Adds `"name": value`. Values are nanoseconds or bytes, so whole numbers say enough.
void report(const char *name, u64 value);

/// Adds `"name/number": value`.
void report_numbered(const char *name, u32 number, u64 value);

/// Writes everything that was reported to /output/figures.json. Returns WIT's `result`: 0 or 1.
u32 write_report(void);
