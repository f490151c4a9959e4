// expect: ok
//
// Attributes hold nothing of the host: no times, no link counts, no folder's size, no inode behind a hash.
#include "guest.h"

static bool is_plain(struct attributes a) {
    return !a.failed && a.links == 1 && !a.times[0].present && !a.times[1].present && !a.times[2].present;
}

static bool same(struct hash one, struct hash two) {
    return !one.failed && !two.failed && one.value[0] == two.value[0] && one.value[1] == two.value[1];
}

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    struct attributes attributes;
    native_attributes(data, &attributes);
    REQUIRE(is_plain(attributes) && attributes.type == DIRECTORY && attributes.size == 0);
    native_attributes_at(data, 1, TEXT("sub"), &attributes);
    REQUIRE(is_plain(attributes) && attributes.type == DIRECTORY && attributes.size == 0);
    native_attributes_at(data, 0, TEXT("patients.csv"), &attributes);
    REQUIRE(is_plain(attributes) && attributes.size == 5);
    struct opened file = open_path(data, TEXT("patients.csv"), 0, READ);
    REQUIRE(!file.failed);
    native_attributes(file.index, &attributes);
    REQUIRE(is_plain(attributes) && attributes.size == 5);

    struct done done;
    // Setting one succeeds where files may be changed, and changes nothing.
    native_set_times(file.index, 1, 0, 0, 1, 0, 0, &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_set_times_at(data, 0, TEXT("patients.csv"), 1, 0, 0, 1, 0, 0, &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_set_times_at(output, 0, TEXT("mine"), 2, 86400, 0, 2, 86400, 0, &done);
    REQUIRE(done.failed && done.error == NO_ENTRY);
    struct opened mine = open_path(output, TEXT("mine"), CREATE, WRITE);
    REQUIRE(!mine.failed);
    native_set_times(mine.index, 1, 0, 0, 2, 86400, 0, &done);
    REQUIRE(!done.failed);
    native_set_times_at(output, 0, TEXT("a/../mine"), 2, 86400, 0, 2, 86400, 0, &done);
    REQUIRE(!done.failed);
    native_attributes(mine.index, &attributes);
    REQUIRE(is_plain(attributes) && attributes.size == 0);

    // The hash is the path's, however it is reached, and another path's is another.
    struct hash by_file, by_path, by_folder, other;
    native_hash(file.index, &by_file);
    native_hash_at(data, 0, TEXT(".//patients.csv"), &by_path);
    REQUIRE(same(by_file, by_path));
    struct opened sub = open_path(data, TEXT("sub/deep"), 0, READ);
    REQUIRE(!sub.failed);
    native_hash_at(sub.index, 0, TEXT("leaf"), &by_folder);
    native_hash_at(data, 0, TEXT("sub/deep/leaf"), &by_path);
    REQUIRE(same(by_folder, by_path) && !same(by_folder, by_file));
    native_hash(output, &other);
    REQUIRE(!same(other, by_file));
    native_hash_at(data, 0, TEXT("absent"), &other);
    REQUIRE(other.failed && other.error == NO_ENTRY);

    // Segments are not run together: `a/bc` is not `ab/c`.
    native_create_directory(output, TEXT("a"), &done);
    native_create_directory(output, TEXT("a/bc"), &done);
    native_create_directory(output, TEXT("ab"), &done);
    native_create_directory(output, TEXT("ab/c"), &done);
    REQUIRE(!done.failed);
    native_hash_at(output, 0, TEXT("a/bc"), &by_path);
    native_hash_at(output, 0, TEXT("ab/c"), &other);
    REQUIRE(!by_path.failed && !other.failed && !same(by_path, other));

    struct opened again = open_path(data, TEXT("patients.csv"), 0, READ);
    REQUIRE(!again.failed && native_is_same(file.index, again.index) && !native_is_same(file.index, data));
    return 0;
}
