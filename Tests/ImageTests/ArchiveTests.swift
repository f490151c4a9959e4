import Image
import Testing

@Suite("The archive")
struct ArchiveTests {
    private static let entries = [
        Archive.Entry("usr/bin/agent", .file(Array("agent".utf8)), mode: 0o755),
        Archive.Entry("init", .link(to: "/usr/bin/agent"), mode: 0o777),
        Archive.Entry("dev/console", .characterDevice(major: 5, minor: 1), mode: 0o600),
        Archive.Entry("empty", .file([]), mode: 0o644),
    ]

    @Test("has the bytes that the format prescribes")
    func bytes() throws {
        let archive = try Archive([Archive.Entry("a", .file([0x41, 0x42, 0x43, 0x44, 0x45]), mode: 0o644)])
        let header =
            "070701" + "00000001" + "000081a4" + "00000000" + "00000000" + "00000001" + "00000000" + "00000005"
            + "00000000" + "00000000" + "00000000" + "00000000" + "00000002" + "00000000"
        let trailer =
            "070701" + "00000000" + "00000000" + "00000000" + "00000000" + "00000001" + "00000000" + "00000000"
            + "00000000" + "00000000" + "00000000" + "00000000" + "0000000b" + "00000000"
        let expected =
            Array(header.utf8) + Array("a\0".utf8) + Array("ABCDE\0\0\0".utf8) + Array(trailer.utf8)
            + Array("TRAILER!!!\0\0\0\0".utf8)
        #expect(archive.bytes == expected + [UInt8](repeating: 0, count: 512 - expected.count))
        #expect(archive.byteCount == 512)
    }

    @Test("makes the folders that files lie in, in bytewise order")
    func order() throws {
        let archive = try Archive(Self.entries)
        #expect(
            archive.entries.map(\.path) == ["dev", "dev/console", "empty", "init", "usr", "usr/bin", "usr/bin/agent"])
        #expect(archive.entries[0] == Archive.Entry("dev", .folder, mode: 0o755))
    }

    @Test("does not depend on the order in which it is told")
    func anyOrder() throws {
        #expect(try Archive(Self.entries).bytes == Archive(Self.entries.reversed()).bytes)
    }

    @Test("says how long it is before it is written")
    func count() throws {
        for length in [0, 1, 3, 4, 5, 511, 512, 513] {
            let archive = try Archive([Archive.Entry("f", .file([UInt8](repeating: 7, count: length)), mode: 0o600)])
            #expect(archive.bytes.count == archive.byteCount)
            #expect(archive.byteCount.isMultiple(of: 512))
        }
    }

    @Test("is what the kernel's documentation says, read by another hand")
    func read() throws {
        let records = try NewcRecord.records(in: Archive(Self.entries).bytes)
        #expect(records.map(\.name) == ["dev", "dev/console", "empty", "init", "usr", "usr/bin", "usr/bin/agent"])
        #expect(records[0].mode == 0o40755 && records[0].links == 2)
        #expect(records[1].mode == 0o20600 && records[1].specialDevice == [5, 1])
        #expect(records[2].mode == 0o100644 && records[2].content.isEmpty)
        #expect(records[3].mode == 0o120777 && records[3].content == Array("/usr/bin/agent".utf8))
        #expect(records[6].mode == 0o100755 && records[6].content == Array("agent".utf8))
        // Everything is root's and as old as the epoch, and no two names share an inode.
        #expect(records.allSatisfy { $0.user == 0 && $0.group == 0 && $0.seconds == 0 && $0.device == [0, 0] })
        #expect(Set(records.map(\.inode)).count == records.count)
    }

    @Test("is no archive for that reader when a byte of it is missing or another's")
    func readDamaged() throws {
        let bytes = try Archive(Self.entries).bytes
        for count in [0, 5, 109, 200, bytes.count - 512] {
            #expect(throws: NewcRecord.Unreadable.self) { try NewcRecord.records(in: Array(bytes[..<count])) }
        }
        for place in [0, 5, 6, 93, 113, bytes.count - 1] {
            var other = bytes
            other[place] ^= 0x40
            #expect(throws: NewcRecord.Unreadable.self) { try NewcRecord.records(in: other) }
        }
    }

    @Test(
        "refuses names that are not plain",
        arguments: ["", "/init", "a//b", "../up", "a/./b", "a/", "a b", "a\u{0}", "TRAILER!!!", "é", "-\n"])
    func names(_ path: String) {
        #expect(throws: ArchiveError.path(path)) { try Archive([Archive.Entry(path, .file([]), mode: 0o644)]) }
    }

    @Test("tells a name that is not plain in one short line, and nothing of it steers a terminal")
    func shownNames() {
        let path = "a\u{1B}[2J\n\u{202E}" + String(repeating: "\u{7}", count: 5000)
        let message = ArchiveError.path(path).message
        #expect(message.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(message.hasPrefix("a\\u{1B}[2J\\u{A}") && message.utf8.count < 2100)
    }

    @Test("refuses a name that comes twice, and one below a file")
    func clashes() {
        let file = Archive.Entry("a", .file([]), mode: 0o644)
        #expect(throws: ArchiveError.duplicate("a")) { try Archive([file, file]) }
        #expect(throws: ArchiveError.belowFile("a/b")) {
            try Archive([Archive.Entry("a/b", .file([]), mode: 0o644), file])
        }
    }

    @Test("refuses links without a target, permissions that do not exist, and too many names")
    func bounds() {
        #expect(throws: ArchiveError.path("l")) { try Archive([Archive.Entry("l", .link(to: ""), mode: 0o777)]) }
        #expect(throws: ArchiveError.mode("f")) { try Archive([Archive.Entry("f", .file([]), mode: 0o10000)]) }
        let many = (0...Archive.maximumEntryCount).map { Archive.Entry("f\($0)", .file([]), mode: 0o644) }
        #expect(throws: ArchiveError.tooManyEntries(found: many.count)) { try Archive(many) }
        // Folders that are made count too.
        let folders = (0..<Archive.maximumEntryCount).map { Archive.Entry("d\($0)/f", .file([]), mode: 0o644) }
        #expect(throws: ArchiveError.tooManyEntries(found: 2 * folders.count)) { try Archive(folders) }
    }
}
