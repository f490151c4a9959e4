// What ThreadSanitizer is told of Swift's own libraries, which are not compiled with it. Loaded before them
// (LD_PRELOAD), so that their functions of these names are called from here.
//
// Where two threads want one Mutex, the kernel hands it over, and the sanitizer sees neither side. And a task whose
// continuation was resumed before it waits goes on at once, where the library forgets to say what that follows: so
// who resumes one waits a moment for the task. Without this, everything that a mutex or a continuation guards is
// reported.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

// There are none in a program that the sanitizer does not watch.
void __tsan_acquire(void *place) __attribute__((weak));
void __tsan_release(void *place) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define REAL(name) dlsym(RTLD_NEXT, name)

// MARK: Synchronization.Mutex

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF) {
    static SWIFT void (*real)(uint32_t, SELF);
    if (!real) real = (SWIFT void (*)(uint32_t, SELF))REAL(LOCK);
    real(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF) {
    static SWIFT void (*real)(SELF);
    if (!real) real = (SWIFT void (*)(SELF))REAL(UNLOCK);
    if (__tsan_release) __tsan_release(self);
    real(self);
}

// MARK: References

SWIFT void swift_release(void *object);
SWIFT void swift_release(void *object) {
    static SWIFT void (*real)(void *);
    if (!real) real = (SWIFT void (*)(void *))REAL("swift_release");
    if (__tsan_release && (intptr_t)object > 0) __tsan_release(object);
    real(object);
}

SWIFT bool swift_isUniquelyReferenced_nonNull_native(const void *object);
SWIFT bool swift_isUniquelyReferenced_nonNull_native(const void *object) {
    static SWIFT bool (*real)(const void *);
    if (!real) real = (SWIFT bool (*)(const void *))REAL("swift_isUniquelyReferenced_nonNull_native");
    bool is_unique = real(object);
    if (__tsan_acquire && is_unique) __tsan_acquire((void *)object);
    return is_unique;
}

// MARK: Continuations

// Of Swift 6.3 on x86-64: where a task has the context of its continuation, and this whether it is waited for.
enum { CONTEXT_OF_TASK = 0x40, STATE_OF_CONTEXT = 0x18, PENDING = 0 };
enum { PLACES = 1 << 14, LONGEST_NANOSECONDS = 200000000 };

// Which thread made a continuation: it may resume it itself before it waits.
static struct {
    _Atomic(void *) task;
    _Atomic(void *) context;
    _Atomic pthread_t thread;
} made[PLACES];

static size_t place_of(void *task) { return ((uintptr_t)task >> 4) % PLACES; }

SWIFT void *swift_continuation_init(void *context, uintptr_t flags) {
    static SWIFT void *(*real)(void *, uintptr_t);
    if (!real) real = (SWIFT void *(*)(void *, uintptr_t))REAL("swift_continuation_init");
    void *task = real(context, flags);
    atomic_store(&made[place_of(task)].thread, pthread_self());
    atomic_store(&made[place_of(task)].context, context);
    atomic_store(&made[place_of(task)].task, task);
    return task;
}

static int is_own(void *task) {
    size_t place = place_of(task);
    return atomic_load(&made[place].task) != task || atomic_load(&made[place].thread) == pthread_self();
}

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

// What the library calls in a thread that hands a task over, before it looks whether the task waits already.
static void (*release)(void *);
static void released(void *task) {
    release(task);
    if (is_own(task)) return;
    char *context = *(char **)((char *)task + CONTEXT_OF_TASK);
    if (!context || context != atomic_load(&made[place_of(task)].context)) return;
    long long end = nanoseconds() + LONGEST_NANOSECONDS;
    while (atomic_load((_Atomic uint64_t *)(context + STATE_OF_CONTEXT)) == PENDING && nanoseconds() < end)
        sched_yield();
    atomic_store(&made[place_of(task)].task, NULL);
}

__attribute__((constructor)) static void begin(void) {
    void (**hook)(void *) = dlsym(RTLD_DEFAULT, "_swift_tsan_release");
    if (!hook || !*hook) return;
    release = *hook;
    *hook = released;
}
