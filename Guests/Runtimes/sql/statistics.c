// median, percentile, variance, stddev, covariance, correlation.
//
// NULL counts as nothing, as in SQLite's own functions; text and blobs are refused. `variance`, `stddev` and
// `covariance` are those of a sample (n - 1), the others with `_pop` behind them those of a population.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

const char *function_failure;

static void refuse(sqlite3_context *context, const char *words) {
    function_failure = words;
    sqlite3_result_error(context, words, -1);
}

// False where it is NULL, or refused.
static bool take(sqlite3_context *context, sqlite3_value *value, double *number) {
    int type = sqlite3_value_type(value);
    if (type == SQLITE_NULL) return false;
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
        refuse(context, "median, percentile, variance, stddev and covariance take numbers alone");
        return false;
    }
    *number = sqlite3_value_double(value);
    return true;
}

// MARK: Moments

// A sum of two doubles, of which the second is what the first could not hold: some 106 bits. So what entered a moving
// window can leave it again, and leaves nothing behind.
struct wide {
    double high, low;
};

static struct wide two_sum(double one, double two) {
    double sum = one + two, part = sum - one;
    return (struct wide){sum, (one - (sum - part)) + (two - part)};
}

static struct wide add(struct wide one, struct wide two) {
    struct wide sum = two_sum(one.high, two.high), rest = two_sum(one.low, two.low);
    sum = two_sum(sum.high, sum.low + rest.high);
    return two_sum(sum.high, sum.low + rest.low);
}

static struct wide minus(struct wide one) { return (struct wide){-one.high, -one.low}; }

// Dekker's: each half has at most 26 bits, so that their products are exact.
static struct wide two_product(double one, double two) {
    double product = one * two, split = 134217729;
    double one_high = split * one - (split * one - one), one_low = one - one_high;
    double two_high = split * two - (split * two - two), two_low = two - two_high;
    double rest = one_high * two_high - product + one_high * two_low + one_low * two_high + one_low * two_low;
    // Numbers too large to be split are too large for their squares, nearly all of them.
    return (struct wide){product, isfinite(rest) ? rest : 0};
}

static struct wide multiply(struct wide one, struct wide two) {
    struct wide product = two_product(one.high, two.high);
    return two_sum(product.high, product.low + (one.high * two.low + one.low * two.high));
}

static struct wide divide(struct wide one, double two) {
    double quotient = one.high / two;
    struct wide rest = add(one, minus(two_product(quotient, two)));
    return two_sum(quotient, (rest.high + rest.low) / two);
}

// Sums of pairs, taken from the first pair, so that equal numbers give exactly nothing.
struct moments {
    int64_t count;
    bool has_begun;
    double first[2];
    struct wide sums[2], squares[2], product;
};

enum statistic { VARIANCE = 1, DEVIATION, COVARIANCE, CORRELATION };
enum { POPULATION = 8 };

static int moment_kind(sqlite3_context *context) { return (int)(intptr_t)sqlite3_user_data(context); }

static void change(sqlite3_context *context, int count, sqlite3_value **values, bool enters) {
    double pair[2];
    if (!take(context, values[0], &pair[0]) || !take(context, values[count - 1], &pair[1])) return;
    struct moments *moments = sqlite3_aggregate_context(context, sizeof *moments);
    if (!moments) return sqlite3_result_error_nomem(context);
    if (!moments->has_begun) memcpy(moments->first, pair, sizeof pair);
    moments->has_begun = true;
    moments->count += enters ? 1 : -1;
    struct wide far[2];
    for (int i = 0; i < 2; i++) {
        far[i] = two_sum(pair[i], -moments->first[i]);
        struct wide square = multiply(far[i], far[i]);
        moments->sums[i] = add(moments->sums[i], enters ? far[i] : minus(far[i]));
        moments->squares[i] = add(moments->squares[i], enters ? square : minus(square));
    }
    struct wide product = multiply(far[0], far[1]);
    moments->product = add(moments->product, enters ? product : minus(product));
}

static void enter(sqlite3_context *context, int count, sqlite3_value **values) { change(context, count, values, true); }
static void leave(sqlite3_context *context, int count, sqlite3_value **values) {
    change(context, count, values, false);
}

// The sum of products of what is left of two columns without their means.
static double centred(const struct moments *moments, struct wide products, int one, int two) {
    struct wide means = divide(multiply(moments->sums[one], moments->sums[two]), (double)moments->count);
    struct wide rest = add(products, minus(means));
    return rest.high + rest.low;
}

static void give_moment(sqlite3_context *context) {
    const struct moments *moments = sqlite3_aggregate_context(context, 0);
    int kind = moment_kind(context), least = kind & POPULATION || (kind & 7) == CORRELATION ? 1 : 2;
    if (!moments || moments->count < least) return sqlite3_result_null(context);
    double divisor = (double)(moments->count - (kind & POPULATION ? 0 : 1)), result = 0;
    double squares[2];
    for (int i = 0; i < 2; i++) squares[i] = fmax(0, centred(moments, moments->squares[i], i, i));
    double product = centred(moments, moments->product, 0, 1);
    switch (kind & 7) {
    case VARIANCE: result = squares[0] / divisor; break;
    case DEVIATION: result = sqrt(squares[0] / divisor); break;
    case COVARIANCE: result = product / divisor; break;
    case CORRELATION: result = product / sqrt(squares[0]) / sqrt(squares[1]); break;
    }
    // What overflows is no number, and so NULL.
    if (isfinite(result)) sqlite3_result_double(context, result);
    else sqlite3_result_null(context);
}

// MARK: Order

struct collected {
    double *numbers;
    int64_t count, room;
    double percent;
    bool has_percent;
};

static void collect(sqlite3_context *context, int count, sqlite3_value **values) {
    double number, percent = 50;
    struct collected *all = sqlite3_aggregate_context(context, sizeof *all);
    if (!all) return sqlite3_result_error_nomem(context);
    if (count == 2) {
        int type = sqlite3_value_type(values[1]);
        percent = sqlite3_value_double(values[1]);
        if ((type != SQLITE_INTEGER && type != SQLITE_FLOAT) || !(percent >= 0 && percent <= 100))
            return refuse(context, "percentile takes a number from 0 to 100 behind the column");
        if (all->has_percent && all->percent != percent)
            return refuse(context, "percentile takes one number behind the column, the same for each row");
    }
    all->percent = percent;
    all->has_percent = true;
    if (!take(context, values[0], &number)) return;
    if (all->count == all->room) {
        int64_t room = all->room ? all->room * 2 : 16;
        double *numbers = sqlite3_realloc64(all->numbers, (sqlite3_uint64)room * sizeof *numbers);
        if (!numbers) return sqlite3_result_error_nomem(context);
        all->numbers = numbers;
        all->room = room;
    }
    all->numbers[all->count++] = number;
}

// A double's bits as a whole number of the same order.
static uint64_t rank_of(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

// The number that would stand at `place` if all were sorted: byte by byte, so that no order of them takes longer.
static double at_place(double *numbers, int64_t count, int64_t place) {
    for (int shift = 56; shift >= 0 && count > 1; shift -= 8) {
        int64_t counts[256] = {};
        for (int64_t i = 0; i < count; i++) counts[rank_of(numbers[i]) >> shift & 255]++;
        uint64_t byte = 0;
        for (; place >= counts[byte]; byte++) place -= counts[byte];
        if (counts[byte] == count) continue;
        // Those that stay come first; the others are kept behind them, for the next that is looked for.
        int64_t kept = 0;
        for (int64_t i = 0; i < count; i++) {
            if ((rank_of(numbers[i]) >> shift & 255) != byte) continue;
            double other = numbers[kept];
            numbers[kept++] = numbers[i];
            numbers[i] = other;
        }
        count = kept;
    }
    return numbers[0];
}

static void give_percentile(sqlite3_context *context) {
    struct collected *all = sqlite3_aggregate_context(context, 0);
    if (!all || !all->count) sqlite3_result_null(context);
    else {
        // As numpy does by default: between the two nearest, in proportion.
        double place = all->percent / 100 * (double)(all->count - 1), lower = floor(place);
        double low = at_place(all->numbers, all->count, (int64_t)lower), high = low;
        if (lower < place) high = at_place(all->numbers, all->count, (int64_t)lower + 1);
        double share = place - lower;
        sqlite3_result_double(context, share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share));
    }
    if (all) sqlite3_free(all->numbers);
}

int statistics_register(sqlite3 *database) {
    static const struct {
        const char *name;
        int count, kind;
    } moments[] = {
        {"variance", 1, VARIANCE},       {"variance_pop", 1, VARIANCE | POPULATION},
        {"stddev", 1, DEVIATION},        {"stddev_pop", 1, DEVIATION | POPULATION},
        {"covariance", 2, COVARIANCE},   {"covariance_pop", 2, COVARIANCE | POPULATION},
        {"correlation", 2, CORRELATION},
    };
    int traits = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, status = SQLITE_OK;
    for (size_t i = 0; i < sizeof moments / sizeof *moments && !status; i++) {
        void *kind = (void *)(intptr_t)moments[i].kind;
        status = sqlite3_create_window_function(
            database, moments[i].name, moments[i].count, traits, kind, enter, give_moment, give_moment, leave, NULL);
    }
    if (!status) status = sqlite3_create_function(database, "median", 1, traits, NULL, NULL, collect, give_percentile);
    if (status) return status;
    return sqlite3_create_function(database, "percentile", 2, traits, NULL, NULL, collect, give_percentile);
}
