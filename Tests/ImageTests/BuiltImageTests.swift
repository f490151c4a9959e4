import Evidence
import Foundation
import Image
import Primitives
import TestSupport
import Testing

@Suite("An image")
struct BuiltImageTests {
    static let programs = BuiltImage.Programs(
        agent: Array("agent".utf8), worker: Array("worker".utf8), gate: Array("gate".utf8),
        engine: Array("engine".utf8))

    static func build(_ lock: ImageLock, also contents: [String] = []) throws -> BuiltImage {
        let all = ["kernel", "tsm"] + contents
        let files = all.map { Array($0.utf8) }
        return try BuiltImage(
            lock: lock, contents: Self.byDigest(files),
            programs: programs, firmware: nil)
    }

    private static func byDigest(_ contents: [[UInt8]]) -> [SHA256Digest: [UInt8]] {
        Dictionary(uniqueKeysWithValues: contents.map { (SHA256Digest(sha256: $0), $0) })
    }

    private static func lock() throws -> ImageLock { try ImageLock(decoding: LockTests.text()) }

    @Test("holds the programs, the modules and what the first program needs")
    func content() throws {
        let image = try Self.build(Self.lock())
        #expect(
            image.initramfs.entries.map(\.path) == [
                "dev", "dev/console", "init", "lib", "lib/modules", "lib/modules/order", "lib/modules/tsm.ko", "proc",
                "run", "sys", "tmp", "usr", "usr/bin", "usr/bin/2cvm-agent", "usr/bin/2cvm-gate",
                "usr/bin/2cvm-worker", "usr/lib", "usr/lib/libwasmtime.so",
            ])
        #expect(image.initramfs.entries[2] == Archive.Entry("init", .link(to: "/usr/bin/2cvm-agent"), mode: 0o777))
        #expect(image.kernel == Array("kernel".utf8))
    }

    @Test("is the same from equal inputs, in two folders")
    func reproducible() throws {
        let folders = try (0..<2).map { _ in try ImageOnDisk(Self.build(Self.lock())) }
        for name in ["vmlinuz", "initramfs.cpio", "image.json"] {
            #expect(try folders[0].read(name) == folders[1].read(name))
        }
        #expect(try folders[0].read("initramfs.cpio") == Data(Self.build(Self.lock()).initramfs.bytes))
    }

    @Test("refuses content that is not the lock's")
    func digests() throws {
        let lock = try Self.lock()
        let digest = SHA256Digest(sha256: Array("tsm".utf8))
        let contents = [
            SHA256Digest(sha256: Array("kernel".utf8)): Array("kernel".utf8), digest: Array("other".utf8),
        ]
        #expect(
            throws: ImageError.differs(
                "/lib/modules/tsm.ko.xz", expected: digest, found: SHA256Digest(sha256: Array("other".utf8)))
        ) { try BuiltImage(lock: lock, contents: contents, programs: Self.programs, firmware: nil) }
        #expect(throws: ImageError.missing("/boot/vmlinuz")) {
            try BuiltImage(lock: lock, contents: [:], programs: Self.programs, firmware: nil)
        }
    }

    @Test("is refused when it is too large to boot in a small machine")
    func size() throws {
        let large = BuiltImage.Programs(
            agent: [UInt8](repeating: 0, count: BuiltImage.maximumByteCount), worker: [], gate: [], engine: [])
        let contents = ["kernel", "tsm"].map { Array($0.utf8) }
        let error = #expect(throws: ImageError.self) {
            try BuiltImage(
                lock: Self.lock(), contents: Self.byDigest(contents),
                programs: large, firmware: nil)
        }
        #expect(error?.code == "image.size")
    }

    private static func build(runtime files: [BuiltImage.RuntimeFile]) throws -> BuiltImage {
        var programs = programs
        programs.runtime = files
        let contents = ["kernel", "tsm"].map { Array($0.utf8) }
        return try BuiltImage(lock: lock(), contents: byDigest(contents), programs: programs, firmware: nil)
    }

    @Test("holds a runtime's files where its agent looks for them, readable and no more")
    func runtime() throws {
        let path = "0f/files/usr/local/lib/site/matplotlib/mpl-data/fonts/pdfcorefonts/readme.txt"
        let image = try Self.build(runtime: [
            .init(path: "0f/machine-code", content: [1, 2]), .init(path: path, content: [3]),
        ])
        let folder = "usr/share/2cvm/runtimes/"
        for (name, content) in [("0f/machine-code", [1, 2]), (path, [3])] as [(String, [UInt8])] {
            #expect(image.initramfs.entries.contains(Archive.Entry(folder + name, .file(content), mode: 0o644)))
            #expect(image.manifest.inputs.contains { $0.name == "/" + folder + name })
        }
        // Nobody but root may change what becomes code: the agent looks at each folder on the way.
        #expect(image.initramfs.entries.contains(Archive.Entry(folder + "0f", .folder, mode: 0o755)))
        for hostile in ["../init", "/etc", "0f//a", "0f/a b"] {
            #expect(throws: ImageError.self) { try Self.build(runtime: [.init(path: hostile, content: [1])]) }
        }
    }

    @Test("with a runtime may be larger, and says what VM it takes")
    func memory() throws {
        #expect(try Self.build(Self.lock()).manifest.leastMemoryMiB == 512)
        let part = [UInt8](repeating: 0, count: 150_000_000)
        let image = try Self.build(runtime: [.init(path: "0f/a", content: part), .init(path: "0f/b", content: part)])
        #expect(image.manifest.leastMemoryMiB == 2 * image.initramfs.byteCount >> 20 + 256)
        let error = #expect(throws: ImageError.self) {
            try Self.build(runtime: (0..<4).map { .init(path: "0f/\($0)", content: part) })
        }
        #expect(error?.code == "image.size")
    }

    @Test("has measurements with firmware, and says so without")
    func measurements() throws {
        #expect(try Self.build(Self.lock()).manifest.measurements.isEmpty)
        let type = try #require(VCPUType(named: "EPYC-v4"))
        let file = Repository.root.appending(path: "Tests/CommandTests/Measure/firmware.fd")
        let choice = try FirmwareChoice(
            [UInt8](Data(contentsOf: file)), for: [VirtualProcessors(.qemu(type), count: 1)])
        let contents = ["kernel", "tsm"].map { Array($0.utf8) }
        let image = try BuiltImage(
            lock: Self.lock(), contents: Self.byDigest(contents),
            programs: Self.programs, firmware: choice)
        let hashes = try image.manifest.kernelHashes()
        let expected = try LaunchMeasurement(
            firmware: choice.firmware, kernel: hashes, processors: VirtualProcessors(.qemu(type), count: 1))
        #expect(image.manifest.measurements.map { $0.digest } == [expected.digest])
        #expect(try ImageManifest(decoding: image.manifest.encoded) == image.manifest)
    }

    @Test("is verified file by file, and each change is found")
    func verified() throws {
        let folder = try ImageOnDisk(Self.build(Self.lock()))
        _ = try VerifiedImage(folder.manifest, in: folder.url.path)
        for name in ["vmlinuz", "initramfs.cpio"] {
            let content = try folder.read(name)
            let flipped = content.dropLast() + Data([(content.last ?? 0) ^ 1])
            for changed in [flipped, content + Data([0]), content.dropLast()] {
                try folder.write(name, changed)
                let error = #expect(throws: ImageError.self) {
                    try VerifiedImage(folder.manifest, in: folder.url.path)
                }
                #expect(error?.code == "image.differs")
            }
            try folder.write(name, content)
        }
    }

    @Test("is not what a manifest says that has the right digest and another size", arguments: [-1, 1, 1 << 19])
    func sizes(difference: Int) throws {
        let folder = try ImageOnDisk(Self.build(Self.lock()))
        let byteCount = folder.manifest.kernel.byteCount
        let told = String(decoding: folder.manifest.encoded, as: UTF8.self)
            .replacing("\"byteCount\": \(byteCount)", with: "\"byteCount\": \(byteCount + difference)")
        let manifest = try ImageManifest(decoding: Array(told.utf8))
        #expect(throws: ImageError.sizeDiffers("vmlinuz", expected: byteCount + difference)) {
            try VerifiedImage(manifest, in: folder.url.path)
        }
    }

    @Test("has a command line that keeps the host's tables, addresses and messages out")
    func commandLine() {
        #expect(
            KernelCommandLine.text
                == "console=ttyS0 loglevel=1 panic=-1 oops=panic acpi=off ipv6.disable=1 random.trust_cpu=on "
                + "random.trust_bootloader=off rng_core.default_quality=0 transparent_hugepage=always")
        #expect(KernelCommandLine.ignoresACPI(KernelCommandLine.text))
        #expect(!KernelCommandLine.ignoresACPI("acpi=off acpi=force"))
        #expect(!KernelCommandLine.ignoresACPI("noacpi=off xacpi=off"))
        #expect(!KernelCommandLine.ignoresACPI(""))
    }

    @Test("shows a trial measurement of its own, by the documented layout")
    func trial() throws {
        let hashes = try Self.build(Self.lock()).manifest.kernelHashes()
        let content =
            Array("2cvm trial v1\0".utf8) + hashes.kernel.bytes + hashes.initrd.bytes + hashes.commandLine.bytes
        #expect(content.count == 110)
        #expect(TrialMeasurement(hashes).digest.description == (try sha384(content)))
    }

    /// By the system's own program, so that nothing of ours computes what it is compared with.
    private func sha384(_ bytes: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "2cvm-trial-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sha384sum")
        process.arguments = [file.path]
        let output = Foundation.Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(String(decoding: data, as: UTF8.self).prefix(96))
    }
}

/// An image in a folder of its own, removed with it.
final class ImageOnDisk {
    let url: URL
    let manifest: ImageManifest

    init(_ image: BuiltImage) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "2cvm-image-\(UUID().uuidString)")
        manifest = image.manifest
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        try write("vmlinuz", Data(image.kernel))
        var bytes = Data()
        image.initramfs.write { bytes += $0 }
        try write("initramfs.cpio", bytes)
        try write("image.json", Data(image.manifest.encoded))
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func read(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }
    func write(_ name: String, _ content: Data) throws { try content.write(to: url.appending(path: name)) }
}
