// Numbers as text, and the arithmetic that WebAssembly has no instruction for.
typedef unsigned int u32;
typedef unsigned long long u64;

// MARK: Natural numbers

// At most 3,072 bits. The largest that `compare_with_halfway` needs has about 2,800.
enum { limbs = 96 };
struct natural {
    u32 count;
    u32 limb[limbs];
};

static void multiply_add(struct natural *n, u32 factor, u32 term) {
    u64 carry = term;
    for (u32 i = 0; i < n->count; i++) {
        carry += (u64)n->limb[i] * factor;
        n->limb[i] = (u32)carry;
        carry >>= 32;
    }
    if (!carry) return;
    if (n->count == limbs) __builtin_trap();
    n->limb[n->count++] = (u32)carry;
}

static void multiply_by_power_of_five(struct natural *n, int exponent) {
    const u32 five_to_13 = 1220703125;
    for (; exponent >= 13; exponent -= 13) multiply_add(n, five_to_13, 0);
    for (; exponent > 0; exponent--) multiply_add(n, 5, 0);
}

static void multiply_by_power_of_two(struct natural *n, int exponent) {
    for (; exponent >= 31; exponent -= 31) multiply_add(n, 1u << 31, 0);
    if (exponent > 0) multiply_add(n, 1u << exponent, 0);
}

static int compare(const struct natural *left, const struct natural *right) {
    if (left->count != right->count) return left->count < right->count ? -1 : 1;
    for (u32 i = left->count; i-- > 0;)
        if (left->limb[i] != right->limb[i]) return left->limb[i] < right->limb[i] ? -1 : 1;
    return 0;
}

// MARK: Decimal text to the nearest double

// Orders digits * 10^exponent against the point halfway between the double with this bit pattern
// and the next one up. Infinity counts as 2^1024 here.
static int compare_with_halfway(const struct natural *digits, int exponent, u64 pattern) {
    int field = (int)(pattern >> 52);
    u64 mantissa = (pattern & ((1ull << 52) - 1)) | (field ? 1ull << 52 : 0);
    // Halfway is odd * 2^power, and 10^exponent is 5^exponent * 2^exponent.
    int power = (field ? field : 1) - 1076;
    u64 odd = 2 * mantissa + 1;
    struct natural left = *digits, right = {odd >> 32 ? 2 : 1, {(u32)odd, (u32)(odd >> 32)}};
    multiply_by_power_of_five(&left, exponent);
    multiply_by_power_of_five(&right, -exponent);
    multiply_by_power_of_two(&left, exponent - power);
    multiply_by_power_of_two(&right, power - exponent);
    return compare(&left, &right);
}

// Begins with a guess that is a few steps off at most, and walks to the double whose halfway
// points enclose the decimal. A tie goes to the even mantissa.
static double nearest(const struct natural *digits, int exponent, double guess) {
    const u64 infinity = 0x7ffull << 52;
    u64 pattern;
    __builtin_memcpy(&pattern, &guess, sizeof pattern);
    for (;;) {
        int above = pattern < infinity ? compare_with_halfway(digits, exponent, pattern) : -1;
        int below = pattern > 0 ? compare_with_halfway(digits, exponent, pattern - 1) : 1;
        if (above > 0 || (above == 0 && (pattern & 1))) pattern++;
        else if (below < 0 || (below == 0 && (pattern & 1))) pattern--;
        else break;
    }
    __builtin_memcpy(&guess, &pattern, sizeof guess);
    return guess;
}

// Exact when the mantissa has 53 bits and one step does it; otherwise off by a rounding a step.
static double scale(u64 mantissa, int exponent) {
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double value = (double)mantissa;
    for (; exponent > 22; exponent -= 22) value *= powers[22];
    for (; exponent < -22; exponent += 22) value /= powers[22];
    return exponent < 0 ? value / powers[-exponent] : value * powers[exponent];
}

// The digits without leading zeros. Those past the 800th can only break a tie, so it is enough
// to know whether any of them is not zero.
enum { kept_digits = 800, guess_digits = 19 };
struct decimal {
    struct natural digits;
    int count, rest;
    u64 guess;
    long long exponent;
};

static void append(struct decimal *decimal, u32 digit) {
    if (!decimal->count && !digit) return;
    if (decimal->count == kept_digits) {
        decimal->rest |= digit != 0;
        decimal->exponent++;
        return;
    }
    multiply_add(&decimal->digits, 10, digit);
    if (decimal->count++ < guess_digits) decimal->guess = decimal->guess * 10 + digit;
}

static double value_of(struct decimal *decimal) {
    long long magnitude = decimal->count + decimal->exponent;
    if (!decimal->count || magnitude < -330) return 0;
    if (magnitude > 310) return __builtin_inf();
    int exponent = (int)decimal->exponent;
    int unguessed = decimal->count > guess_digits ? decimal->count - guess_digits : 0;
    double guess = scale(decimal->guess, exponent + unguessed);
    if (!unguessed && decimal->guess < 1ull << 53 && exponent >= -22 && exponent <= 22) return guess;
    if (decimal->rest) {
        multiply_add(&decimal->digits, 10, 1);
        exponent--;
    }
    return nearest(&decimal->digits, exponent, guess);
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads `e` and an integer if they stand there; otherwise moves nothing.
static const char *read_exponent(const char *at, long long *exponent) {
    if (*at != 'e' && *at != 'E') return at;
    const char *digit = at + 1;
    int negative = *digit == '-';
    if (*digit == '-' || *digit == '+') digit++;
    if (!is_digit(*digit)) return at;
    // More than any number of digits in 4 GiB could make up for.
    const long long enough = 10000000000;
    long long value = 0;
    for (; is_digit(*digit); digit++)
        if (value < enough) value = value * 10 + (*digit - '0');
    *exponent += negative ? -value : value;
    return digit;
}

// What Swift's Double(_: String) calls: the nearest double to `[+-]digits[.digits][e[+-]digits]`.
// Returns the first byte that is not part of the number, or null where there is no number.
// Hexadecimal, infinity and nan are no numbers here: data should not say them unnoticed.
const char *_swift_stdlib_strtod_clocale(const char *text, double *out) {
    struct decimal decimal = {0};
    int any = 0, after_point = 0;
    const char *at = text + (*text == '-' || *text == '+');
    for (; is_digit(*at) || (*at == '.' && !after_point); at++) {
        if (*at == '.') {
            after_point = 1;
            continue;
        }
        any = 1;
        decimal.exponent -= after_point;
        append(&decimal, (u32)(*at - '0'));
    }
    if (!any) return 0;
    at = read_exponent(at, &decimal.exponent);
    double value = value_of(&decimal);
    *out = *text == '-' ? -value : value;
    return at;
}

// MARK: Arithmetic

// Half away from zero, as Swift's rounded().
double round(double value) {
    double whole = __builtin_trunc(value);
    return __builtin_fabs(value - whole) < 0.5 ? whole : whole + __builtin_copysign(1, value);
}

// 128-bit multiplication, which Swift needs to print a Double.
unsigned __int128 __multi3(unsigned __int128 left, unsigned __int128 right) {
    u64 a = (u64)left >> 32, b = (u32)left, c = (u64)right >> 32, d = (u32)right;
    u64 middle = a * d + (b * d >> 32), other = b * c + (u32)middle;
    u64 low = other << 32 | (u32)(b * d), high = a * c + (middle >> 32) + (other >> 32);
    high += (u64)(left >> 64) * (u64)right + (u64)left * (u64)(right >> 64);
    return (unsigned __int128)high << 64 | low;
}
