// UTF-8.
#include <string.h>

#include "runtime.h"

size_t character(const char *start, const char *end, uint32_t *code) {
    const uint8_t *bytes = (const uint8_t *)start;
    size_t left = (size_t)(end - start);
    if (!left) return 0;
    if (bytes[0] < 0x80) {
        *code = bytes[0];
        return 1;
    }
    size_t count = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || count > left) return 0;
    uint32_t value = bytes[0] & (0x7f >> count);
    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80) return 0;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    bool is_overlong = value < (count == 4 ? 0x10000u : count == 3 ? 0x800u : 0x80u);
    if (is_overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return 0;
    *code = value;
    return count;
}

bool is_clean(struct text text) {
    const char *next = text.start, *end = text.start + text.count;
    while (next < end) {
        uint64_t eight;
        if (end - next >= 8) {
            memcpy(&eight, next, 8);
            // No byte with its highest bit set, and none that is zero.
            if (!((eight | (eight - 0x0101010101010101)) & 0x8080808080808080)) {
                next += 8;
                continue;
            }
        }
        if (*next > 0) {
            next++;
            continue;
        }
        uint32_t code;
        size_t count = character(next, end, &code);
        if (!count || !code) return false;
        next += count;
    }
    return true;
}
