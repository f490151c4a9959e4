// A trial's program that behaves as its name says: it stands in for the agent where only the launcher is tested.
// Built without a C library for its host, static: the VM has none of that name.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

static void show(const char *name, const char *path) {
    char text[256] = {0};
    int file = open(path, O_RDONLY);
    if (file >= 0 && read(file, text, sizeof text - 1) >= 0) printf("%s %s", name, text);
}

int main(void) {
    char keys[32] = {0};
    int file = open("/trial/keys.json", O_RDONLY);
    if (file >= 0) (void)!read(file, keys, sizeof keys - 1);
    show("measurement", "/trial/measurement");
    show("host-data", "/trial/host-data");
    printf("\033[31mcontrol\033[0m\n");
    fflush(stdout);
    // The keys' file says what this run is to try.
    if (strncmp(keys, "silent", 6) == 0)
        for (;;) pause();
    if (strncmp(keys, "dies", 4) == 0) return 1;
    printf("2cvm-agent: listening on 0.0.0.0:8080\n");
    fflush(stdout);
    if (strncmp(keys, "stays", 5) == 0)
        for (;;) pause();
    sync();
    reboot(RB_AUTOBOOT);
    return 1;
}
