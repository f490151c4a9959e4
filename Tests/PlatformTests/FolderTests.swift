import Foundation
import Platform
import Testing

/// Files that a hostile worker could leave, and names that a hostile caller could give.
@Suite("Folders and files")
struct FolderTests {
    private let root: Scratch

    init() throws {
        root = try Scratch()
    }

    @Test(
        "lead nowhere outside themselves",
        arguments: ["../secret", "/etc/passwd", "a/../../secret", "a/outside", "a/passwd", "a/passwd/x", "."])
    func stayBeneath(_ path: String) throws {
        try root.link("a/outside", to: "../../secret")
        try root.link("a/passwd", to: "/etc/passwd")
        let folder = try Folder(path: root.path + "/inside")
        #expect(throws: PlatformError.self) { try folder.file(path) }
        #expect(throws: PlatformError.self) { _ = try folder.create(path, maximumBytes: 1) }
    }

    @Test("are not opened through a link")
    func refuseLinks() throws {
        try root.link("elsewhere", to: "a")
        #expect(throws: PlatformError.self) { _ = try Folder(path: root.path + "/inside/elsewhere") }
        let folder = try Folder(path: root.path + "/inside")
        #expect(throws: PlatformError.self) { _ = try folder.folder("elsewhere") }
        #expect(throws: PlatformError.self) { try folder.makeFolder("elsewhere/new") }
    }

    @Test("refuse what is not a regular file with one link")
    func refuseOtherKinds() throws {
        try root.pipe("a/pipe")
        try root.secondName("a/second", of: "a/file")
        let folder = try Folder(path: root.path + "/inside")
        for name in ["a/pipe", "a/second", "a/file", "a"] {
            #expect(throws: PlatformError.notRegular(action: "open \(name)")) { try folder.file(name) }
        }
        #expect(throws: PlatformError.notRegular(action: "open /dev/null")) { try RegularFile(path: "/dev/null") }
    }

    @Test("are inputs too where they are pipes, read once, no further than asked, and kept")
    func pipedInput() throws {
        try root.pipe("a/input")
        let path = root.path + "/inside/a/input"
        for (maximum, expected) in [(10, [1, 2, 3, 4, 5]), (5, [1, 2, 3, 4, 5]), (3, [1, 2, 3, 4])] {
            Thread.detachNewThread {
                let writer = FileHandle(forWritingAtPath: path)
                try? writer?.write(contentsOf: Data([1, 2, 3, 4, 5]))
                try? writer?.close()
            }
            let file = try RegularFile(input: path, upTo: maximum)
            #expect(file.isCopy)
            #expect(file.byteCount == expected.count)
            for _ in 0..<2 { #expect(try file.read(upTo: 10, at: 0).map(Int.init) == expected) }
        }
        let plain = try RegularFile(input: root.path + "/inside/a/file", upTo: 0)
        #expect(!plain.isCopy)
        for name in ["/dev/zero", "/dev/null", root.path + "/inside/a"] {
            #expect(throws: PlatformError.notRegular(action: "open \(name)")) { try RegularFile(input: name, upTo: 1) }
        }
    }

    @Test("grow to their bound and not a byte further")
    func bound() throws {
        let folder = try Folder(path: root.path + "/inside")
        var file = try folder.create("bounded", maximumBytes: 3)
        try file.append([1, 2])
        #expect(throws: PlatformError.tooLarge(action: "write bounded", maximumBytes: 3)) { try file.append([3, 4]) }
        try file.append([3])
        #expect(throws: PlatformError.self) { try file.append([4]) }
        try file.finish(mode: 0o444, zeroTimes: true)
        #expect(try folder.read("bounded", maximumBytes: 3) == [1, 2, 3])
        #expect(throws: PlatformError.tooLarge(action: "read bounded", maximumBytes: 2)) {
            try folder.read("bounded", maximumBytes: 2)
        }
        #expect(throws: PlatformError.self) { _ = try folder.create("bounded", maximumBytes: 3) }
    }

    @Test("tell no time")
    func times() throws {
        let folder = try Folder(path: root.path + "/inside")
        try folder.create("timeless", maximumBytes: 3).finish(mode: 0o444, zeroTimes: true)
        try folder.zeroTimes("a")
        for name in ["timeless", "a"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: root.path + "/inside/" + name)
            #expect(attributes[.modificationDate] as? Date == Date(timeIntervalSince1970: 0))
        }
    }

    @Test("are copied in pieces that an observer sees as they were written")
    func copy() throws {
        let content = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try Data(content).write(to: URL(filePath: root.path + "/source"))
        let folder = try Folder(path: root.path + "/inside")
        let source = try RegularFile(path: root.path + "/source")

        var small = try folder.create("small", maximumBytes: content.count - 1)
        #expect(throws: PlatformError.self) { try small.append(contentsOf: source) }

        var seen: [UInt8] = []
        var file = try folder.create("whole", maximumBytes: content.count)
        try file.append(contentsOf: source) { seen += $0 }
        #expect(seen == content)
        #expect(try folder.read("whole", maximumBytes: content.count) == content)
    }

    @Test("are made with all that lies above, whatever the mask")
    func make() throws {
        let folder = try Folder(path: root.path + "/inside")
        try folder.makeFolder("x/y/z", mode: 0o770)
        try folder.makeFolder("x/y/z", mode: 0o700)
        let attributes = try FileManager.default.attributesOfItem(atPath: root.path + "/inside/x/y/z")
        #expect(attributes[.posixPermissions] as? Int == 0o770)
    }

    @Test("list no more than they are asked for")
    func list() throws {
        let folder = try Folder(path: root.path + "/inside")
        for number in 0..<600 { try folder.create("\(number)", maximumBytes: 0).finish(mode: 0o600, zeroTimes: false) }
        #expect(try folder.entries(atMost: 10).count == 10)
        #expect(try folder.entries(atMost: 10_000).count == 601)
        #expect(try folder.entries(atMost: 10_000).filter { $0.kind == .folder }.map(\.name) == ["a"])
    }

    @Test("are removed whole, however deep, locked or oddly named, and nothing that they link to")
    func remove() throws {
        try root.nest(depth: 400)
        try root.link("a/outside", to: "../../secret")
        for name in ["moved-1", "moved-1/moved-2", "closed", "closed/in"] { try root.folder(name) }
        for number in 0..<300 { try root.folder("a/\(number)") }
        try root.folder("a/", notText: [-1, -2])
        try root.close("closed")

        try Folder(path: root.path + "/inside").removeContents()
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.path + "/inside") == [])
        #expect(FileManager.default.fileExists(atPath: root.path + "/secret"))
    }
}

/// A folder `inside` with a folder `a` that holds `file`, beside a file `secret`.
final class Scratch: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-test-\(UUID().uuidString)")
        path = folder.path
        try FileManager.default.createDirectory(
            at: folder.appending(path: "inside/a"), withIntermediateDirectories: true)
        try Data([1]).write(to: folder.appending(path: "inside/a/file"))
        try Data([2]).write(to: folder.appending(path: "secret"))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func link(_ name: String, to target: String) throws {
        try #require(unsafe symlink(target, path + "/inside/" + name) == 0)
    }

    func secondName(_ name: String, of first: String) throws {
        try #require(unsafe Foundation.link(path + "/inside/" + first, path + "/inside/" + name) == 0)
    }

    func pipe(_ name: String) throws {
        try #require(unsafe mkfifo(path + "/inside/" + name, 0o600) == 0)
    }

    func folder(_ name: String, notText bytes: [CChar] = []) throws {
        let whole = Array((path + "/inside/" + name).utf8CString.dropLast()) + bytes + [0]
        try #require(unsafe mkdir(whole, 0o700) == 0)
    }

    func close(_ name: String) throws {
        try #require(unsafe chmod(path + "/inside/" + name, 0) == 0)
    }

    /// Deeper than any path that a system call takes.
    func nest(depth: Int) throws {
        let name = String(repeating: "n", count: 100)
        var folder = unsafe open(path + "/inside", O_RDONLY | O_DIRECTORY)
        for _ in 0..<depth {
            try #require(unsafe mkdirat(folder, name, 0o700) == 0)
            let inner = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY)
            Foundation.close(folder)
            folder = inner
        }
        Foundation.close(folder)
    }
}
