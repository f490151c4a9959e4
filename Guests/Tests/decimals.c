// For each line of the input: the bits of the double that it begins with, and how many bytes that took.
#include <stdio.h>
#include <string.h>

const char *_swift_stdlib_strtod_clocale(const char *text, double *out);

int main(void) {
    static char line[1 << 16];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        double value = 0;
        const char *end = _swift_stdlib_strtod_clocale(line, &value);
        unsigned long long bits;
        memcpy(&bits, &value, sizeof bits);
        if (end) printf("%016llx %d\n", bits, (int)(end - line));
        else puts("none");
    }
}
