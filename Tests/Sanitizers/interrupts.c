// Interrupts that come while their event is changed and closed: none of them is written to another file, which has the
// number of an event that was.
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "CPlatform.h"

enum { ROUNDS = 1000 };

static atomic_int is_over;

// Takes all interrupts, and sends them: the thread that changes the event takes none.
static void *interrupt(void *all) {
    pthread_sigmask(SIG_UNBLOCK, all, NULL);
    while (!atomic_load(&is_over)) kill(getpid(), SIGINT);
    return NULL;
}

static int fails(const char *words) {
    fprintf(stderr, "does not hold: %s\n", words);
    return 1;
}

int main(void) {
    pthread_t thread;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    int kept = cp_event();
    if (kept < 0 || cp_route_interrupts(kept) != 0) return fails("interrupts are routed");
    if (pthread_create(&thread, NULL, interrupt, &all) != 0) return fails("a thread begins");
    for (int round = 0; round < ROUNDS; round++) {
        int event = cp_event();
        struct pollfd waiting = {.fd = event, .events = POLLIN};
        if (cp_route_interrupts(event) != 0) return fails("interrupts are routed anew");
        if (poll(&waiting, 1, 10000) != 1) return fails("an interrupt is written to its event");
        if (cp_route_interrupts(kept) != 0) return fails("interrupts are routed back");
        close(event);
        int file = memfd_create("file", MFD_CLOEXEC);
        if (file != event) return fails("a file has the number of the event that was");
        sched_yield();
        struct stat found;
        if (fstat(file, &found) != 0 || found.st_size != 0) return fails("an interrupt is written to its event alone");
        close(file);
    }
    atomic_store(&is_over, 1);
    pthread_join(thread, NULL);
    return 0;
}
