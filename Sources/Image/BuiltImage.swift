public import Evidence
public import Primitives

/// An image in memory: the kernel, the initramfs, and what is said of both.
///
/// A pure function of its inputs. Each file that the lock names is held against its digest here, at the last moment
/// before it becomes part of what is measured.
public struct BuiltImage: Sendable {
    /// Bytes of the initramfs, at most: twice that, while it is unpacked, must fit the smallest VM.
    public static let maximumByteCount = 100_000_000
    /// The same of an image with a runtime, which needs a larger VM.
    public static let maximumRuntimeByteCount = 480_000_000
    /// Where an image's agent looks for runtimes.
    static let runtimeFolder = "usr/share/2cvm/runtimes"

    /// The programs of this project that an image holds, and the one library that is not Debian's.
    public struct Programs: Sendable {
        public let agent: [UInt8]
        public let worker: [UInt8]
        public let gate: [UInt8]
        public let engine: [UInt8]
        /// An installed runtime's files, below ``BuiltImage/runtimeFolder``; none for an image without one.
        public var runtime: [RuntimeFile] = []

        /// Takes the files' contents, as `scripts/image-binaries` makes them.
        public init(agent: [UInt8], worker: [UInt8], gate: [UInt8], engine: [UInt8]) {
            self.agent = agent
            self.worker = worker
            self.gate = gate
            self.engine = engine
        }
    }

    /// One file of a runtime, by its path in the folder of runtimes.
    public struct RuntimeFile: Sendable {
        public let path: String
        public let content: [UInt8]

        /// Names one.
        public init(path: String, content: [UInt8]) {
            self.path = path
            self.content = content
        }
    }

    public let kernel: [UInt8]
    public let initramfs: Archive
    /// By name, without `.ko`, in load order.
    public let trialModules: [(name: String, content: [UInt8])]
    public let manifest: ImageManifest

    /// Assembles an image.
    ///
    /// - Parameters:
    ///   - contents: each of the lock's files, by the digest that the lock gives.
    ///   - firmware: with what the launch measurements are for; `nil` for an image without any.
    /// - Throws: ``ImageError``.
    public init(
        lock: ImageLock, contents: [SHA256Digest: [UInt8]], programs: Programs, firmware: FirmwareChoice?
    ) throws(ImageError) {
        var entries = Self.surroundings(modules: lock.modules)
        entries += [
            Archive.Entry("usr/bin/2cvm-agent", .file(programs.agent), mode: 0o755),
            Archive.Entry("usr/bin/2cvm-worker", .file(programs.worker), mode: 0o755),
            Archive.Entry("usr/bin/2cvm-gate", .file(programs.gate), mode: 0o755),
            Archive.Entry("usr/lib/libwasmtime.so", .file(programs.engine), mode: 0o644),
        ]
        entries += programs.runtime.map { file in
            Archive.Entry("\(Self.runtimeFolder)/\(file.path)", .file(file.content), mode: 0o644)
        }
        var kernel: [UInt8] = []
        var modules: [String: [UInt8]] = [:]
        for file in lock.files {
            let bytes = try Self.content(of: file, among: contents)
            switch file.destination {
            case .kernel: kernel = bytes
            case .trialModule(let name): modules[name] = bytes
            case .image(let path):
                // A program loader is executed; every other file is only read.
                let mode: UInt32 = path.hasPrefix("/lib64/") ? 0o755 : 0o644
                entries.append(Archive.Entry(String(path.dropFirst()), .file(bytes), mode: mode))
            }
        }
        self.kernel = kernel
        trialModules = lock.trialModules.compactMap { name in modules[name].map { (name, $0) } }
        do throws(ArchiveError) {
            initramfs = try Archive(entries)
        } catch {
            throw .archive(error)
        }
        let maximum = programs.runtime.isEmpty ? Self.maximumByteCount : Self.maximumRuntimeByteCount
        guard initramfs.byteCount <= maximum else { throw .tooLarge(initramfs.byteCount, maximum: maximum) }
        do throws(LaunchError) {
            manifest = try ImageManifest(
                lock: lock, kernel: kernel, initramfs: initramfs, trialModules: trialModules, firmware: firmware)
        } catch {
            throw .launch(error)
        }
    }

    private static func content(
        of file: ImageLock.File, among contents: [SHA256Digest: [UInt8]]
    ) throws(ImageError) -> [UInt8] {
        guard let bytes = contents[file.digest] else { throw .missing(file.source) }
        let found = SHA256Digest(sha256: bytes)
        guard found == file.digest, bytes.count == file.byteCount else {
            throw .differs(file.source, expected: file.digest, found: found)
        }
        return bytes
    }

    /// The folders that the first program mounts on, the console that the kernel opens for it, and its name.
    private static func surroundings(modules: [String]) -> [Archive.Entry] {
        let folders = ["dev", "proc", "run", "sys"].map { Archive.Entry($0, .folder, mode: 0o755) }
        let order = modules.map { $0 + "\n" }.joined()
        return folders + [
            Archive.Entry("tmp", .folder, mode: 0o1777),
            Archive.Entry("dev/console", .characterDevice(major: 5, minor: 1), mode: 0o600),
            Archive.Entry("init", .link(to: "/usr/bin/2cvm-agent"), mode: 0o777),
            Archive.Entry("lib/modules/order", .file(Array(order.utf8)), mode: 0o644),
        ]
    }
}

/// A firmware, and the processors to measure it with.
public struct FirmwareChoice: Sendable {
    public let content: [UInt8]
    public let firmware: Firmware
    public let processors: [VirtualProcessors]

    /// Parses a firmware file.
    ///
    /// - Throws: ``FirmwareError``.
    public init(_ content: [UInt8], for processors: [VirtualProcessors]) throws(FirmwareError) {
        self.content = content
        firmware = try Firmware(decoding: content)
        self.processors = processors
    }

    /// What SEV-SNP measures for each of the processors that QEMU starts.
    ///
    /// - Throws: ``LaunchError``.
    public func measurements(of hashes: KernelHashes) throws(LaunchError) -> [ImageManifest.Measurement] {
        var measurements: [ImageManifest.Measurement] = []
        for processors in processors {
            guard case .qemu(let type) = processors.hypervisor else { continue }
            let launch = try LaunchMeasurement(firmware: firmware, kernel: hashes, processors: processors)
            measurements.append(
                ImageManifest.Measurement(
                    vcpuType: type, vcpus: processors.count, guestFeatures: processors.features, digest: launch.digest))
        }
        return measurements
    }
}

extension ImageManifest {
    fileprivate init(
        lock: ImageLock, kernel: [UInt8], initramfs: Archive, trialModules: [(name: String, content: [UInt8])],
        firmware: FirmwareChoice?
    ) throws(LaunchError) {
        var hasher = SHA256Hasher()
        initramfs.write { hasher.update($0) }
        let record = Record(digest: hasher.finalize(), byteCount: initramfs.byteCount)
        let kernelRecord = Record(of: kernel)
        let commandLine = KernelCommandLine.text
        let hashes = try KernelHashes(
            kernel: kernelRecord.digest, initrd: record.digest, commandLine: commandLine)
        let measurements = try firmware?.measurements(of: hashes) ?? []
        self.init(
            commandLine: commandLine, kernel: kernelRecord, initramfs: record, lock: lock.digest,
            packages: lock.packages.map { Package(name: $0.name, version: $0.version, digest: $0.digest) },
            inputs: initramfs.entries.compactMap { entry in
                guard case .file(let bytes) = entry.content else { return nil }
                return NamedRecord(name: "/" + entry.path, record: Record(of: bytes))
            },
            trialModules: trialModules.map { NamedRecord(name: $0.name, record: Record(of: $0.content)) },
            firmware: measurements.isEmpty ? nil : firmware.map { Record(of: $0.content) },
            measurements: measurements)
    }
}
