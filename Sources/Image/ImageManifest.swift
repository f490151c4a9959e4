public import Evidence
public import Primitives

/// What an image is: `image.json` beside it. Nothing in it is believed that can be recomputed.
public struct ImageManifest: Equatable, Sendable {
    /// Bytes of the file, at most.
    public static let maximumByteCount = 262_144
    static let maximumListCount = 512

    /// A file's digest and length.
    public struct Record: Equatable, Sendable {
        public let digest: SHA256Digest
        public let byteCount: Int

        /// States what a file must be.
        public init(digest: SHA256Digest, byteCount: Int) {
            self.digest = digest
            self.byteCount = byteCount
        }

        /// Takes them of a file's content.
        public init(of content: [UInt8]) {
            self.init(digest: SHA256Digest(sha256: content), byteCount: content.count)
        }
    }

    /// A Debian package that files were taken from.
    public struct Package: Equatable, Sendable {
        public let name: String
        public let version: String
        public let digest: SHA256Digest
    }

    /// A file with its name: a path in the initramfs, or a module's name.
    public struct NamedRecord: Equatable, Sendable {
        public let name: String
        public let record: Record
    }

    /// What SEV-SNP measures when this image is launched so.
    public struct Measurement: Equatable, Sendable {
        public let vcpuType: VCPUType
        public let vcpus: Int
        /// SEV_FEATURES.
        public let guestFeatures: UInt64
        public let digest: FixedBytes<48>
    }

    /// The kernel's, without the NUL that is hashed with it.
    public let commandLine: String
    public let kernel: Record
    public let initramfs: Record
    /// ``ImageLock/digest`` of the lock that it was built from.
    public let lock: SHA256Digest
    public let packages: [Package]
    /// Each file in the initramfs that has content.
    public let inputs: [NamedRecord]
    /// Modules that lie beside the image, for trials alone.
    public let trialModules: [NamedRecord]
    /// The firmware that ``measurements`` are for; `nil` when the image was built without one.
    public let firmware: Record?
    /// Empty exactly without a firmware.
    public let measurements: [Measurement]

    /// MiB of the smallest VM that unpacks the image and starts its agent: an ordinary one for an ordinary image. An
    /// archive and its files lie in memory together while it is unpacked.
    public var leastMemoryMiB: Int {
        let unpacking = 2 * (initramfs.byteCount >> 20) + 256
        return initramfs.byteCount <= BuiltImage.maximumByteCount
            ? VirtualMachine.memoryRange.lowerBound : max(VirtualMachine.memoryRange.lowerBound, unpacking)
    }

    /// The hashes that firmware compares with what a host hands it.
    ///
    /// - Throws: ``LaunchError`` for a command line that Linux would cut.
    public func kernelHashes() throws(LaunchError) -> KernelHashes {
        try KernelHashes(kernel: kernel.digest, initrd: initramfs.digest, commandLine: commandLine)
    }
}

extension ImageManifest {
    /// As JSON for people and machines.
    public var encoded: [UInt8] { json.indentedBytes }

    private var json: JSONValue {
        var members = [
            JSONMember("version", 1), JSONMember("commandLine", .string(commandLine)),
            JSONMember("kernel", kernel.json), JSONMember("initramfs", initramfs.json),
            JSONMember("lock", .string(lock.prefixed)),
            JSONMember(
                "packages",
                .array(
                    packages.map { package in
                        [
                            "name": .string(package.name), "version": .string(package.version),
                            "digest": .string(package.digest.prefixed),
                        ]
                    })),
            JSONMember("inputs", .array(inputs.map { $0.json(named: "path") })),
            JSONMember("trialModules", .array(trialModules.map { $0.json(named: "name") })),
        ]
        if let firmware { members.append(JSONMember("firmware", firmware.json)) }
        members.append(JSONMember("measurements", .array(measurements.map(\.json))))
        return .object(members)
    }

    /// Decodes `image.json`.
    ///
    /// - Throws: ``ImageFileError``, with the path of the value at fault.
    public init(decoding bytes: [UInt8]) throws(ImageFileError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, orThrow: ImageFileError.document
        ) { reader throws(JSONShapeError) in
            try ImageManifest(reader)
        }
        guard commandLine.utf8.count <= KernelHashes.maximumCommandLineByteCount,
            commandLine.utf8.allSatisfy({ 0x20...0x7E ~= $0 })
        else { throw .commandLine }
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        commandLine = try object.string("commandLine", maximumByteCount: 4096)
        kernel = try Record(try object.required("kernel"))
        initramfs = try Record(try object.required("initramfs"))
        lock = try object.required("lock").digest()
        packages = try object.list("packages") { reader throws(JSONShapeError) in try Package(reader) }
        inputs = try object.list("inputs") { reader throws(JSONShapeError) in
            try NamedRecord(reader, named: "path") { $0.hasPrefix("/") }
        }
        trialModules = try object.list("trialModules") { reader throws(JSONShapeError) in
            try NamedRecord(reader, named: "name", isModuleName)
        }
        if let reader = object.optional("firmware") { firmware = try Record(reader) } else { firmware = nil }
        measurements = try object.list("measurements") { reader throws(JSONShapeError) in try Measurement(reader) }
        try object.finish()
        guard measurements.isEmpty == (firmware == nil) else {
            throw .wrongForm(
                object.path.appending("measurements"), expected: "measurements exactly where there is a firmware")
        }
    }
}

extension ImageManifest.Record {
    fileprivate var json: JSONValue { ["digest": .string(digest.prefixed), "byteCount": .integer(byteCount)] }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        try self.init(&object)
        try object.finish()
    }

    fileprivate init(_ object: inout JSONObjectReader) throws(JSONShapeError) {
        self.init(
            digest: try object.required("digest").digest(),
            byteCount: try object.integer("byteCount", in: 0...(1 << 30)))
    }
}

extension ImageManifest.Package {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.string("name", maximumByteCount: 100)
        version = try object.string("version", maximumByteCount: 100)
        digest = try object.required("digest").digest()
        try object.finish()
    }
}

extension ImageManifest.NamedRecord {
    fileprivate func json(named member: String) -> JSONValue {
        [
            (member): .string(name), "digest": .string(record.digest.prefixed),
            "byteCount": .integer(record.byteCount),
        ]
    }

    fileprivate init(
        _ reader: JSONReader, named member: String, _ isName: (String) -> Bool
    ) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.parsed(member, as: "a \(member)", maximumByteCount: 255) { isName($0) ? $0 : nil }
        record = try ImageManifest.Record(&object)
        try object.finish()
    }
}

extension ImageManifest.Measurement {
    fileprivate var json: JSONValue {
        [
            "vcpuType": .string(vcpuType.name), "vcpus": .integer(vcpus),
            "guestFeatures": .string("0x" + String(guestFeatures, radix: 16)),
            "measurement": .string(digest.description),
        ]
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        vcpuType = try object.parsed("vcpuType", as: "a processor model as QEMU spells it", maximumByteCount: 40) {
            VCPUType(named: $0)
        }
        vcpus = try object.integer("vcpus", in: VirtualProcessors.countRange)
        guestFeatures = try object.parsed("guestFeatures", as: "hexadecimal digits after 0x", maximumByteCount: 18) {
            guard $0.hasPrefix("0x"), let first = $0.dropFirst(2).first, first.isHexDigit else { return nil }
            return UInt64($0.dropFirst(2), radix: 16)
        }
        digest = try object.hex("measurement")
        try object.finish()
    }
}

extension JSONObjectReader {
    fileprivate mutating func list<Element>(
        _ name: String, _ decode: (JSONReader) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [Element] {
        var elements: [Element] = []
        for entry in try array(name, maximumCount: ImageManifest.maximumListCount) {
            elements.append(try decode(entry))
        }
        return elements
    }
}
