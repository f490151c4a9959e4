// Adds up the column `amount` of /data/rows.csv: /output/result.csv has how many rows, and their sum.
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

#define FILES(name) __attribute__((import_module("twocvm:guest/files"), import_name(name)))

// `start` and `count` are the error's words where it failed.
struct Answer {
    bool failed;
    char *start;
    std::size_t count;
};

extern "C" {
FILES("read") void files_read(const char *path, std::size_t count, Answer *);
FILES("write")
void files_write(const char *path, std::size_t path_count, const char *start, std::size_t count, Answer *);
FILES("log") void files_log(const char *start, std::size_t count);

// Where answers are put.
__attribute__((export_name("cabi_realloc"))) void *reallocate(void *old, std::size_t, std::size_t, std::size_t count) {
    if (void *fresh = std::realloc(old, count)) return fresh;
    std::abort();
}
}

static int fail(std::string_view words) {
    files_log(words.data(), words.size());
    return 1;
}

// The entry point: 0 is success.
extern "C" __attribute__((export_name("wasi:cli/run@0.2.12#run"))) int run() {
    constexpr std::string_view input = "/data/rows.csv", output = "/output/result.csv";
    Answer answer;
    files_read(input.data(), input.size(), &answer);
    if (answer.failed) return fail("rows.csv cannot be read");
    std::string_view text(answer.start, answer.count);
    long long rows = 0, total = 0;
    for (bool is_header = true; !text.empty(); is_header = false) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() + (line.size() < text.size()));
        std::size_t comma = line.find(',');
        if (comma == line.npos) return fail("rows.csv: a row has not two cells");
        if (is_header) continue;
        long long amount = 0;
        auto [end, error] = std::from_chars(line.data() + comma + 1, line.data() + line.size(), amount);
        if (error != std::errc()) return fail("rows.csv: an amount is not a number");
        total += amount;
        rows++;
    }
    std::string result = "rows,total\n" + std::to_string(rows) + "," + std::to_string(total) + "\n";
    files_write(output.data(), output.size(), result.data(), result.size(), &answer);
    return answer.failed ? fail("result.csv cannot be written") : 0;
}
