public import Commitments
public import Primitives

/// What `2cvm component inspect` tells of a file: everything that a manifest must say of it.
public struct ComponentDescription: Sendable {
    public let binary: ComponentBinary
    public let digest: SHA256Digest
    /// What the engine must be told to accept, as far as it shows outside of functions' bodies.
    public let features: [CodeFeature]

    /// The same of a runtime that the machine holds.
    public init(of runtime: HeldRuntime) {
        binary = runtime.twin.binary
        digest = runtime.component
        features = runtime.twin.notice.features
    }

    /// Reads `bytes` as a component, whatever any manifest says.
    ///
    /// - Throws: ``ComponentReadingError``, with the offset of the first fault.
    public init(of bytes: [UInt8]) throws(ComponentReadingError) {
        binary = try ComponentBinary(decoding: bytes, allowsExceptions: true)
        digest = SHA256Digest(sha256: bytes)
        features = binary.usesExceptions ? [.exceptions] : []
    }

    /// One memory or table of one module, and how many of it there will be.
    public struct Limited: Equatable, Sendable {
        /// Pages of 64 KiB of a memory, elements of a table.
        public let minimum: Int
        public let maximum: Int?
        public let instanceCount: Int

        package init(minimum: Int, maximum: Int?, instanceCount: Int) {
            self.minimum = minimum
            self.maximum = maximum
            self.instanceCount = instanceCount
        }
    }

    public var memories: [Limited] { binary.memories.map(Limited.init) }
    public var tables: [Limited] { binary.tables.map(Limited.init) }

    /// The least `memoryMiB` that a manifest can grant it.
    public var leastMemoryMiB: Int {
        let bytes = MemoryPlan.leastByteCount(of: binary)
        return bytes >> 20 + (bytes & 0xF_FFFF == 0 ? 0 : 1)
    }

    /// A start for a manifest's author: a power of two of at least 64 MiB that leaves half of it for growth.
    public var proposedMemoryMiB: Int {
        var proposal = 64
        while proposal < 4096 && proposal < leastMemoryMiB.saturatingMultiply(2) { proposal *= 2 }
        return max(proposal, leastMemoryMiB)
    }

    /// Interfaces that the host and the shims offer, without versions, sorted.
    public var listedImports: [String] {
        Set(binary.imports.map(\.name.base).filter(HostInterface.isHosts)).sorted()
    }

    /// Entries of a manifest that would admit this file. What only its author knows stands in angle brackets.
    public var manifestLines: String {
        var members = [
            ManifestLines.member("name", "<name>"),
            ManifestLines.member("provider", "<participant>"),
            ManifestLines.member("digest", .string(digest.prefixed)),
            ManifestLines.member("maximumBytes", .integer(binary.byteCount)),
            ManifestLines.member("imports", .array(listedImports.map(JSONValue.string))),
            ManifestLines.member("memoryMiB", .integer(proposedMemoryMiB)),
        ]
        if !features.isEmpty {
            members.append(
                ManifestLines.member("features", .array(features.map { .string($0.rawValue) })))
        }
        if listedImports.contains(where: { $0.hasPrefix("wasi:random/") }) {
            members.append(ManifestLines.member("randomness", "<real or repeatable>"))
        }
        let links = binary.imports.filter { !$0.needsNobody && !HostInterface.isHosts($0.name.base) }
        let lines = ["{" + members.joined(separator: ",\n ") + "}"]
        return (lines + links.map { ManifestLines.link($0, importer: "<name>") }).joined(separator: "\n")
    }

    /// For machines. Keys are stable.
    public var json: JSONValue {
        [
            "digest": .string(digest.prefixed),
            "bytes": .integer(binary.byteCount),
            "imports": .array(binary.imports.map(\.json)),
            "exports": .array(
                binary.exports.map { ["name": .string("\($0.name)"), "kind": .string($0.kind.rawValue)] }),
            "memories": .array(memories.map(\.json)),
            "tables": .array(tables.map(\.json)),
            "coreInstances": .integer(binary.coreInstanceCount),
            "componentInstances": .integer(binary.componentInstanceCount),
            "leastMemoryMiB": .integer(leastMemoryMiB),
            "features": .array(features.map { .string($0.rawValue) }),
            "manifestLines": .string(manifestLines),
        ]
    }
}

extension ComponentDescription.Limited {
    init(_ definition: ComponentBinary.LimitedDefinition) {
        self.init(
            minimum: definition.limits.minimum, maximum: definition.limits.maximum,
            instanceCount: definition.instanceCount)
    }

    fileprivate var json: JSONValue {
        [
            "minimum": .integer(minimum),
            "maximum": maximum.map(JSONValue.integer) ?? .null,
            "instances": .integer(instanceCount),
        ]
    }
}

extension ComponentBinary.Import {
    fileprivate var json: JSONValue {
        [
            "name": .string(name.description),
            "kind": .string(kind.rawValue),
            "needsNobody": .bool(needsNobody),
            "implements": implemented.map { .string($0.description) } ?? .null,
        ]
    }
}
