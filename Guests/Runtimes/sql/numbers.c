// Numbers and days as files have them: what docs/FORMATS.md takes, and exactly.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

enum { most_bytes = 64, most_exponent = 999 };

// Digits, perhaps a point and digits, perhaps an exponent; the digits without zeros in front, and how far the last of
// them is from the point.
struct number {
    bool is_negative, has_point, has_exponent, has_signed_exponent, has_zeros_in_front;
    uint64_t digits;
    int digit_count, exponent;
};

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

static bool take_exponent(const char *next, const char *end, int *exponent) {
    bool is_negative = next < end && *next == '-';
    if (next < end && (*next == '-' || *next == '+')) next++;
    if (next == end) return false;
    *exponent = 0;
    for (; next < end; next++) {
        if (!is_digit(*next)) return false;
        *exponent = *exponent * 10 + (*next - '0');
        if (*exponent > most_exponent) return false;
    }
    if (is_negative) *exponent = -*exponent;
    return true;
}

static bool take_number(struct text text, struct number *number) {
    const char *next = text.start, *end = text.start + text.count;
    *number = (struct number){};
    if (text.count > most_bytes) return false;
    if (next < end && *next == '-') number->is_negative = true, next++;
    if (next == end || !is_digit(*next)) return false;
    number->has_zeros_in_front = *next == '0' && next + 1 < end && is_digit(next[1]);
    int zeros = 0;  // behind the last digit that is none, which need not be kept
    for (; next < end; next++) {
        if (*next == '.' && !number->has_point) {
            number->has_point = true;
            if (next + 1 == end || !is_digit(next[1])) return false;
        } else if (!is_digit(*next)) break;
        else {
            if (number->has_point) number->exponent--;
            if (*next == '0') {
                zeros += number->digits > 0;
                if (!number->digits) continue;
                number->exponent++;
                continue;
            }
            for (; zeros; zeros--) number->digits *= 10, number->digit_count++, number->exponent--;
            number->digits = number->digits * 10 + (uint64_t)(*next - '0');
            if (++number->digit_count > most_digits) return false;
        }
    }
    if (!number->digits) number->exponent = 0;
    if (next == end) return true;
    if (*next != 'e' && *next != 'E') return false;
    number->has_exponent = true;
    number->has_signed_exponent = next + 1 < end && (next[1] == '-' || next[1] == '+');
    int exponent;
    if (!take_exponent(next + 1, end, &exponent)) return false;
    if (number->digits) number->exponent += exponent;
    return true;
}

// What most integers are: few digits and nothing else.
static bool plain_integer(struct text text, int64_t *value) {
    size_t start = text.count && text.start[0] == '-';
    if (text.count == start || text.count - start > most_digits) return false;
    int64_t sum = 0;
    for (size_t i = start; i < text.count; i++) {
        if (!is_digit(text.start[i])) return false;
        sum = sum * 10 + (text.start[i] - '0');
    }
    *value = start ? -sum : sum;
    return true;
}

bool number_integer(struct text text, int64_t *value) {
    if (plain_integer(text, value)) return true;
    struct number number;
    if (!take_number(text, &number) || number.exponent < 0) return false;
    if (number.digit_count + number.exponent > most_digits) return false;
    int64_t magnitude = (int64_t)number.digits;
    for (int i = 0; i < number.exponent; i++) magnitude *= 10;
    *value = number.is_negative ? -magnitude : magnitude;
    return true;
}

// What most others are: few digits with one point in them.
static bool plain_real(struct text text, uint64_t *digits, int *places) {
    size_t start = text.count && text.start[0] == '-';
    if (text.count == start || text.count - start > 16) return false;
    uint64_t sum = 0;
    size_t point = 0;
    for (size_t i = start; i < text.count; i++) {
        if (is_digit(text.start[i])) sum = sum * 10 + (uint64_t)(text.start[i] - '0');
        else if (text.start[i] == '.' && !point && i > start && i + 1 < text.count) point = i;
        else return false;
    }
    if (!point && text.count - start > 15) return false;
    *digits = sum;
    *places = point ? (int)(text.count - point) - 1 : 0;
    return true;
}

bool number_real(struct text text, double *value) {
    // The powers of ten that a double holds exactly: with at most 2^53 before it, one rounding is the right one.
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct number number;
    int places;
    uint64_t digits;
    // At most 15 digits and a point: less than 2^53.
    if (plain_real(text, &digits, &places)) {
        *value = (text.start[0] == '-' ? -(double)digits : (double)digits) / powers[places];
        return true;
    }
    if (!take_number(text, &number)) return false;
    double magnitude = (double)number.digits;
    if (number.digits <= (uint64_t)1 << 53 && number.exponent >= -22 && number.exponent <= 22)
        magnitude = number.exponent < 0 ? magnitude / powers[-number.exponent] : magnitude * powers[number.exponent];
    else {
        char copy[most_bytes + 1];
        memcpy(copy, text.start, text.count);
        copy[text.count] = 0;
        magnitude = fabs(strtod(copy, NULL));
    }
    *value = number.is_negative ? -magnitude : magnitude;
    return isfinite(magnitude);
}

bool number_is_plain(struct text text, bool *has_fraction) {
    struct number number;
    int64_t whole;
    *has_fraction = false;
    if (text.count && text.start[0] >= '1' && text.start[0] <= '9' && plain_integer(text, &whole)) return true;
    if (!take_number(text, &number) || number.has_zeros_in_front) return false;
    // Programs write a sign, as in 1e-05; without one it may be a code, as 12E4.
    if (number.has_exponent && !number.has_signed_exponent) return false;
    *has_fraction = number.has_point || number.has_exponent;
    return true;
}

bool is_date(struct text text) {
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (text.count != 10 || text.start[4] != '-' || text.start[7] != '-') return false;
    int parts[3] = {};
    for (int i = 0, part = 0; i < 10; i++) {
        if (i == 4 || i == 7) part++;
        else if (!is_digit(text.start[i])) return false;
        else parts[part] = parts[part] * 10 + (text.start[i] - '0');
    }
    int year = parts[0], month = parts[1], day = parts[2];
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (year < 1 || month < 1 || month > 12) return false;
    return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap);
}
