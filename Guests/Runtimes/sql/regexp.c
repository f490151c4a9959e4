// `text REGEXP pattern`: whether a part of the text is of the pattern.
//
// The pattern becomes a small machine that is in many states at once, so that a character of the text costs as many
// steps as the machine has states at most, whatever the pattern is. Patterns, states and nesting are bounded.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

enum { most_pattern_bytes = 1000, most_states = 2000, most_ranges = 2000, most_depth = 50 };

enum operation { CHARACTER, ANY, SET, OTHER_THAN_SET, FORK, GOTO, AT_START, AT_END, AT_EDGE, INSIDE, MATCH };

// A fork goes on with the next state and with another; ways are counted from the state itself, so that states can be
// moved and copied.
struct state {
    enum operation operation;
    uint32_t one;  // a character, the first of a set's ranges, or how far it is to the other state
    uint32_t two;  // how many ranges
};

struct range {
    uint32_t first, last;
};

struct machine {
    uint32_t state_count, range_count;
    struct state states[most_states];
    struct range ranges[most_ranges];
    // Which states it is in, and the last round in which each was entered.
    uint64_t round, rounds[most_states];
    uint32_t now[most_states], after[most_states], open[2 * most_states];
};

struct reading {
    struct machine *machine;
    const char *next, *end;
    const char *failure;
};

// MARK: From pattern to machine

static bool stop(struct reading *reading, const char *words) {
    if (!reading->failure) reading->failure = words;
    return false;
}

static uint32_t add_state(struct reading *reading, enum operation operation, uint32_t one, uint32_t two) {
    struct machine *machine = reading->machine;
    if (machine->state_count == most_states) {
        stop(reading, "regexp: the pattern is too large");
        return 0;
    }
    machine->states[machine->state_count] = (struct state){operation, one, two};
    return machine->state_count++;
}

// Moves all states from `place` on by one, to make room for another.
static void insert_state(struct reading *reading, uint32_t place, enum operation operation, uint32_t way) {
    struct machine *machine = reading->machine;
    add_state(reading, operation, 0, 0);
    if (reading->failure) return;
    memmove(
        machine->states + place + 1, machine->states + place,
        (machine->state_count - 1 - place) * sizeof *machine->states);
    machine->states[place] = (struct state){operation, way, 0};
}

// States that are the same as some before.
static void copy_states(struct reading *reading, uint32_t start, uint32_t count) {
    for (uint32_t i = 0; i < count && !reading->failure; i++) {
        struct state state = reading->machine->states[start + i];
        add_state(reading, state.operation, state.one, state.two);
    }
}

static bool add_range(struct reading *reading, uint32_t first, uint32_t last) {
    struct machine *machine = reading->machine;
    if (first > last) return stop(reading, "regexp: a range in brackets runs backwards");
    if (machine->range_count == most_ranges) return stop(reading, "regexp: the pattern is too large");
    machine->ranges[machine->range_count++] = (struct range){first, last};
    return true;
}

// The ranges of \d, \w and \s, or of all that they are not.
static bool add_class(struct reading *reading, char letter) {
    static const struct range digits[] = {{'0', '9'}};
    static const struct range words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
    static const struct range spaces[] = {{'\t', '\r'}, {' ', ' '}};
    bool is_other = letter >= 'A' && letter <= 'Z';
    char kind = is_other ? (char)(letter + 32) : letter;
    const struct range *ranges = kind == 'd' ? digits : kind == 'w' ? words : spaces;
    size_t count = kind == 'd' ? 1 : kind == 'w' ? 4 : 2;
    uint32_t from = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_other && !add_range(reading, ranges[i].first, ranges[i].last)) return false;
        if (is_other && !add_range(reading, from, ranges[i].first - 1)) return false;
        from = ranges[i].last + 1;
    }
    return !is_other || add_range(reading, from, 0x10ffff);
}

static bool take_character(struct reading *reading, uint32_t *code) {
    size_t count = character(reading->next, reading->end, code);
    if (!count) return stop(reading, "regexp: the pattern ends too early");
    reading->next += count;
    return true;
}

// What stands behind a backslash, where it is one character.
static bool take_escaped(struct reading *reading, uint32_t *code) {
    static const char letters[] = "tnrfv", meanings[] = "\t\n\r\f\v";
    if (!take_character(reading, code)) return false;
    const char *found = *code && *code < 128 ? strchr(letters, (int)*code) : NULL;
    if (found) *code = (uint32_t)meanings[found - letters];
    else if ((*code >= '0' && *code <= '9') || (*code >= 'a' && *code <= 'z') || (*code >= 'A' && *code <= 'Z'))
        return stop(reading, "regexp: a backslash stands before a letter or digit that it gives no sense");
    return true;
}

static bool is_class(const struct reading *reading) {
    return reading->next < reading->end && *reading->next && strchr("dDwWsS", *reading->next);
}

static bool take_set(struct reading *reading) {
    struct machine *machine = reading->machine;
    bool is_other = reading->next < reading->end && *reading->next == '^';
    if (is_other) reading->next++;
    uint32_t first_range = machine->range_count, first, last;
    for (bool is_first = true; is_first || reading->next == reading->end || *reading->next != ']'; is_first = false) {
        if (!take_character(reading, &first)) return stop(reading, "regexp: a bracket is never closed");
        if (first == '\\' && is_class(reading)) {
            if (!add_class(reading, *reading->next++)) return false;
            continue;
        }
        if (first == '\\' && !take_escaped(reading, &first)) return false;
        last = first;
        if (reading->end - reading->next >= 2 && reading->next[0] == '-' && reading->next[1] != ']') {
            reading->next++;
            if (!take_character(reading, &last)) return false;
            if (last == '\\' && !take_escaped(reading, &last)) return false;
        }
        if (!add_range(reading, first, last)) return false;
    }
    reading->next++;
    add_state(reading, is_other ? OTHER_THAN_SET : SET, first_range, machine->range_count - first_range);
    return !reading->failure;
}

static bool take_choice(struct reading *, int depth);

static bool take_atom(struct reading *reading, int depth) {
    uint32_t code;
    if (!take_character(reading, &code)) return false;
    switch (code) {
    case '(':
        if (reading->end - reading->next >= 2 && !memcmp(reading->next, "?:", 2)) reading->next += 2;
        if (!take_choice(reading, depth + 1)) return false;
        if (reading->next == reading->end) return stop(reading, "regexp: a parenthesis is never closed");
        reading->next++;
        return true;
    case '[': return take_set(reading);
    case '.': add_state(reading, ANY, 0, 0); break;
    case '^': add_state(reading, AT_START, 0, 0); break;
    case '$': add_state(reading, AT_END, 0, 0); break;
    case '*':
    case '+':
    case '?':
    case '{': return stop(reading, "regexp: a repetition stands where there is nothing to repeat");
    case '\\':
        if (is_class(reading)) {
            uint32_t first = reading->machine->range_count;
            if (!add_class(reading, *reading->next++)) return false;
            add_state(reading, SET, first, reading->machine->range_count - first);
        } else if (reading->next < reading->end && (*reading->next == 'b' || *reading->next == 'B'))
            add_state(reading, *reading->next++ == 'b' ? AT_EDGE : INSIDE, 0, 0);
        else if (take_escaped(reading, &code)) add_state(reading, CHARACTER, code, 0);
        break;
    default: add_state(reading, CHARACTER, code, 0);
    }
    return !reading->failure;
}

enum { without_end = -1 };

static bool take_count(struct reading *reading, int *count) {
    if (reading->next == reading->end || *reading->next < '0' || *reading->next > '9') return false;
    for (*count = 0; reading->next < reading->end && *reading->next >= '0' && *reading->next <= '9'; reading->next++)
        if ((*count = *count * 10 + (*reading->next - '0')) > most_states)
            return stop(reading, "regexp: the pattern is too large");
    return true;
}

// How often what stood before is repeated: `least` to `most` times.
static bool take_repetition(struct reading *reading, int *least, int *most) {
    *least = *most = 1;
    char sign = reading->next < reading->end ? *reading->next : 0;
    if (!sign || !strchr("*+?{", sign)) return true;
    reading->next++;
    *least = sign == '+';
    *most = sign == '?' ? 1 : without_end;
    if (sign != '{') return true;
    bool is_counted = take_count(reading, least);
    *most = *least;
    if (is_counted && reading->next < reading->end && *reading->next == ',') {
        reading->next++;
        if (reading->next < reading->end && *reading->next == '}') *most = without_end;
        else is_counted = take_count(reading, most);
    }
    if (!is_counted || reading->next == reading->end || *reading->next != '}')
        return stop(reading, "regexp: behind { stand one or two numbers and }");
    reading->next++;
    return *most == without_end || *most >= *least || stop(reading, "regexp: a repetition's numbers run backwards");
}

// An atom and its repetition: what it became is there as often as it has to be.
static bool take_repeated(struct reading *reading, int depth) {
    struct machine *machine = reading->machine;
    uint32_t start = machine->state_count;
    if (!take_atom(reading, depth)) return false;
    int least, most;
    if (!take_repetition(reading, &least, &most)) return false;
    uint32_t count = machine->state_count - start;
    if (!most) machine->state_count = start;
    else if (!least) {
        // Past the atom, and past the way back where there will be one.
        insert_state(reading, start, FORK, count + 1 + (most == without_end));
        start++;
    }
    for (int i = 1; i < least; i++) copy_states(reading, start, count);
    if (most == without_end && least) {
        // Once more, or not at all: the last copy is behind a fork and has a way back to it.
        add_state(reading, FORK, count + 2, 0);
        copy_states(reading, start, count);
    }
    if (most == without_end) add_state(reading, GOTO, -(count + 1), 0);
    for (int i = least ? least : 1; i < most; i++) {
        add_state(reading, FORK, count + 1, 0);
        copy_states(reading, start, count);
    }
    return !reading->failure;
}

static bool take_sequence(struct reading *reading, int depth) {
    while (reading->next < reading->end && *reading->next != '|' && *reading->next != ')')
        if (!take_repeated(reading, depth)) return false;
    return true;
}

// Sequences with | between them. Each but the last has a fork before it and a way to the end behind it.
static bool take_choice(struct reading *reading, int depth) {
    struct machine *machine = reading->machine;
    if (depth > most_depth) return stop(reading, "regexp: the pattern is nested too deep");
    uint32_t ways[64], way_count = 0;
    for (;;) {
        uint32_t start = machine->state_count;
        if (!take_sequence(reading, depth)) return false;
        if (reading->next == reading->end || *reading->next == ')') break;
        reading->next++;
        if (way_count == sizeof ways / sizeof *ways) return stop(reading, "regexp: more than 64 choices");
        insert_state(reading, start, FORK, machine->state_count - start + 2);
        ways[way_count++] = add_state(reading, GOTO, 0, 0);
    }
    for (uint32_t i = 0; i < way_count; i++) machine->states[ways[i]].one = machine->state_count - ways[i];
    return !reading->failure;
}

// MARK: The machine at work

static bool is_word(uint32_t code) {
    return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') || code == '_';
}

enum { no_character = 0xffffffff };

// Enters a state and all that it leads to without a character; whether one of them is the match.
static bool enter(struct machine *machine, uint32_t first, uint32_t before, uint32_t behind, uint32_t *count) {
    uint32_t open_count = 0;
    machine->open[open_count++] = first;
    while (open_count) {
        uint32_t index = machine->open[--open_count];
        if (machine->rounds[index] == machine->round) continue;
        machine->rounds[index] = machine->round;
        struct state state = machine->states[index];
        bool is_edge = (before != no_character && is_word(before)) != (behind != no_character && is_word(behind));
        switch (state.operation) {
        case FORK: machine->open[open_count++] = index + 1; [[fallthrough]];
        case GOTO: machine->open[open_count++] = index + state.one; break;
        case AT_START:
            if (before == no_character) machine->open[open_count++] = index + 1;
            break;
        case AT_END:
            if (behind == no_character) machine->open[open_count++] = index + 1;
            break;
        case AT_EDGE:
        case INSIDE:
            if (is_edge == (state.operation == AT_EDGE)) machine->open[open_count++] = index + 1;
            break;
        case MATCH: return true;
        default: machine->after[(*count)++] = index;
        }
    }
    return false;
}

static bool takes(const struct machine *machine, struct state state, uint32_t code) {
    if (state.operation == ANY) return code != '\n';
    if (state.operation == CHARACTER) return state.one == code;
    for (uint32_t i = 0; i < state.two; i++) {
        struct range range = machine->ranges[state.one + i];
        if (code >= range.first && code <= range.last) return state.operation == SET;
    }
    return state.operation == OTHER_THAN_SET;
}

static bool matches(struct machine *machine, struct text text) {
    const char *next = text.start, *end = text.start + text.count;
    uint32_t before = no_character, count = 0;
    for (;;) {
        uint32_t behind = no_character;
        size_t length = character(next, end, &behind);
        if (!length && next < end) length = 1, behind = 0xfffd;
        // A match may begin at each character.
        if (!count) machine->round++;
        if (enter(machine, 0, before, behind, &count)) return true;
        if (!length) return false;
        memcpy(machine->now, machine->after, count * sizeof *machine->now);
        uint32_t now_count = count;
        count = 0;
        machine->round++;
        const char *following = next + length;
        uint32_t second = no_character;
        if (following < end && !character(following, end, &second)) second = 0xfffd;
        for (uint32_t i = 0; i < now_count; i++) {
            uint32_t index = machine->now[i];
            if (!takes(machine, machine->states[index], behind)) continue;
            if (enter(machine, index + 1, behind, second, &count)) return true;
        }
        before = behind;
        next = following;
    }
}

// MARK: The function

static const char *make(struct text pattern, struct machine **made) {
    if (pattern.count > most_pattern_bytes) return "regexp: the pattern is longer than 1000 bytes";
    struct machine *machine = calloc(1, sizeof *machine);
    if (!machine) return NULL;
    struct reading reading = {machine, pattern.start, pattern.start + pattern.count, NULL};
    if (take_choice(&reading, 0) && reading.next < reading.end) stop(&reading, "regexp: a parenthesis is never opened");
    add_state(&reading, MATCH, 0, 0);
    if (reading.failure) free(machine);
    else *made = machine;
    return reading.failure;
}

static struct text text_of(sqlite3_value *value) {
    const char *start = (const char *)sqlite3_value_text(value);
    return (struct text){start, (size_t)sqlite3_value_bytes(value)};
}

static void regexp(sqlite3_context *context, int, sqlite3_value **values) {
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL) return;
    struct text pattern = text_of(values[0]), text = text_of(values[1]);
    if (!pattern.start || !text.start) return sqlite3_result_error_nomem(context);
    struct machine *machine = sqlite3_get_auxdata(context, 0), *made = NULL;
    if (!machine) {
        const char *words = make(pattern, &made);
        if (words) {
            function_failure = words;
            return sqlite3_result_error(context, words, -1);
        }
        if (!made) return sqlite3_result_error_nomem(context);
        machine = made;
    }
    sqlite3_result_int(context, matches(machine, text));
    if (made) sqlite3_set_auxdata(context, 0, made, free);
}

int regexp_register(sqlite3 *database) {
    int traits = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    return sqlite3_create_function(database, "regexp", 2, traits, NULL, regexp, NULL, NULL);
}
