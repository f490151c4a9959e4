import Foundation
import Image
import Primitives
import TestSupport
import Testing

@Suite("The lock file")
struct LockTests {
    /// One kernel, one module, one library.
    static func text(
        _ files: [String] = [kernel, module], modules: String = #"["tsm"]"#, trial: String = "[]", extra: String = ""
    ) -> [UInt8] {
        let package = """
            {"name": "linux-image", "version": "6.12-1~deb12u1", "digest": "\(digest("package"))",
             "files": [\(files.joined(separator: ","))]}
            """
        return Array(
            """
            {"version": 1, "modules": \(modules), "trialModules": \(trial), "packages": [\(package)]\(extra)}
            """.utf8)
    }

    static func digest(_ content: String) -> String { SHA256Digest(sha256: Array(content.utf8)).prefixed }

    static func file(_ source: String, to destination: String, content: String) -> String {
        """
        {"from": "\(source)", "to": "\(destination)", "digest": "\(digest(content))", \
        "byteCount": \(content.utf8.count)}
        """
    }

    static let kernel = file("/boot/vmlinuz", to: "kernel", content: "kernel")
    static let module = file("/lib/modules/tsm.ko.xz", to: "/lib/modules/tsm.ko", content: "tsm")

    @Test("of the repository is one")
    func real() throws {
        let file = Repository.root.appending(path: "image/packages.lock.json")
        let lock = try ImageLock(decoding: [UInt8](Data(contentsOf: file)))
        #expect(lock.modules.first == "failover" && lock.modules.contains("sev-guest"))
        #expect(lock.trialModules.contains("cuse"))
        // The emulator's module is not in what is measured.
        #expect(!lock.files.contains { $0.destination == .image(ImageLock.modulePath("cuse")) })
        #expect(lock.packages.contains { $0.name == "libc6" })
        #expect(lock.files.contains { $0.destination == .image("/lib64/ld-linux-x86-64.so.2") })
    }

    @Test("is read")
    func read() throws {
        let lock = try ImageLock(decoding: Self.text())
        #expect(lock.modules == ["tsm"])
        #expect(lock.files.map(\.destination) == [.kernel, .image("/lib/modules/tsm.ko")])
        #expect(lock.packages[0].version == "6.12-1~deb12u1")
    }

    @Test("is called alike whatever its spaces")
    func digest() throws {
        let spaced = String(decoding: Self.text(), as: UTF8.self).replacingOccurrences(of: ": ", with: " :  ")
        #expect(try ImageLock(decoding: Array(spaced.utf8)).digest == ImageLock(decoding: Self.text()).digest)
    }

    @Test(
        "is refused where it is incomplete or ambiguous",
        arguments: [
            (text([module]), "image.lock.incomplete"), (text([kernel, kernel]), "image.lock.incomplete"),
            (text([kernel, module, module]), "image.lock.incomplete"),
            (text([kernel]), "image.lock.incomplete"),
            (text(trial: #"["cuse"]"#), "image.lock.incomplete"),
            (text(modules: #"["../tsm"]"#), "image.file.shape.form"),
            (text(extra: #", "more": 1"#), "image.file.shape.unknown"),
            (text([kernel, file("relative", to: "/lib/x", content: "x")]), "image.file.shape.form"),
            (text([kernel, file("/x", to: "elsewhere", content: "x")]), "image.file.shape.form"),
            (text([kernel, file("/x", to: "trial:a/b", content: "x")]), "image.file.shape.form"),
            (text([kernel, file("/x", to: "/lib/x", content: "")]), "image.file.shape.range"),
            (Array("[]".utf8), "image.file.shape.kind"), (Array("{".utf8), "image.file.json.syntax"),
        ])
    func refused(_ bytes: [UInt8], _ code: String) {
        let error = #expect(throws: ImageFileError.self) { try ImageLock(decoding: bytes) }
        if code.hasPrefix("image.file.json") {
            #expect(error?.code.hasPrefix("image.file.json") == true)
        } else {
            #expect(error?.code == code)
        }
    }

    @Test("cannot put a file outside the image's tree")
    func paths() throws {
        let escaping = Self.file("/x", to: "/lib/../../etc/x", content: "x")
        let lock = try ImageLock(decoding: Self.text([Self.kernel, Self.module, escaping]))
        #expect(throws: ImageError.archive(.path("lib/../../etc/x"))) {
            try BuiltImageTests.build(lock, also: ["x"])
        }
    }
}
