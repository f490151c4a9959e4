public import Commitments
public import Primitives
public import WorkerJob

/// One component made of all participants' components, wired as the manifest says.
///
/// Only ``compose(_:of:)`` makes one. The engine has not seen it yet.
public struct ComposedBinary: Sendable {
    /// What it was composed for.
    public let manifest: Manifest
    public let bytes: [UInt8]
    public let digest: SHA256Digest
    /// The host world's names: all that the binary imports.
    public let hostImports: [String]
    /// The export that the worker calls.
    public let entry: String
    public let storeLimits: StoreLimits
    /// What all memories and tables can come to: the components' caps and their shims'.
    public let memoryByteCount: Int
    /// Where exceptions are allowed to some component: the core modules of all others, shims included, as ranges of the
    /// bytes. `nil` where they are off for the whole run.
    public let plainModules: [Range<Int>]?
    /// The runtime whose core module the binary imports, where there is one, and which components are it.
    public let runtime: ComposedRuntime?
    /// Which bytes are whose, without gaps, in order.
    public let attribution: [Attribution]
    /// Where each component's own bytes begin.
    let offsets: [EmbeddedOffsets]
    /// Whose linear memories the engine makes, in that order.
    let memoryOwners: [MemoryOwner]
}

/// A runtime of a composition: machine code and files that the machine holds.
public struct ComposedRuntime: Sendable {
    /// What the composed binary imports the core module as.
    public static let importName = "runtime"

    public let notice: RuntimeNotice
    /// In the manifest's order.
    public let components: [Name]
    /// Whether the composed binary imports the module; otherwise the components contain it.
    public let importsModule: Bool
}

/// A range of the composed binary, and what it is for.
public struct Attribution: Equatable, Sendable {
    public let range: Range<Int>
    public let subject: Subject

    /// What bytes are for.
    public enum Subject: Hashable, Sendable {
        case hostWorld
        /// A participant's component.
        case component(Name)
        /// Its instantiation: where its imports meet what they are given.
        case instantiation(Name)
        /// A component's shim, and everything that makes it.
        case shim(Name)
        /// The exit of all components but the one that runs. A trap in it is a call to it.
        case refusedExit
        /// A link's export, by the link's place in the manifest's channels.
        case link(channel: Int)
        case entry
    }
}

extension ComposedBinary {
    /// What stands at `offset`, or `nil` beyond the end.
    public func subject(at offset: Int) -> Attribution.Subject? {
        attribution.first { $0.range.contains(offset) }?.subject
    }

    /// What the engine speaks of at `offset`. It finds some faults of a component only behind its last byte, where the
    /// next section begins, and none at a section's own first byte.
    private func subject(endingAt offset: Int) -> Attribution.Subject? {
        attribution.first { $0.range.lowerBound < offset && offset <= $0.range.upperBound }?.subject
    }

    /// What the engine objected to, in the manifest's words.
    ///
    /// - Parameter message: The engine's own, which names imports in backquotes and an offset. It chooses among the
    ///   manifest's names and is never passed on.
    /// - Returns: `nil` where the message fits no place.
    public func refusal(explaining message: String) -> EngineRefusal? {
        guard let offset = Self.offset(in: message), let subject = subject(endingAt: offset) else { return nil }
        switch subject {
        case .component(let name): return .component(name, RefusedInstructions(in: message))
        case .shim(let name): return .shim(name)
        case .hostWorld, .refusedExit, .entry: return .entry
        case .link(let channel):
            guard case .link(let link) = manifest.channels[channel] else { return nil }
            return .link(link, channel: channel)
        case .instantiation(let name):
            for (channel, entry) in manifest.channels.enumerated() {
                guard case .link(let link) = entry, link.importer == name else { continue }
                let quotes = ["import `\(link.importName)`", "import `\(link.importName)@"]
                if quotes.contains(where: message.contains) { return .link(link, channel: channel) }
            }
            return .imports(name)
        }
    }

    /// The number after the last `offset 0x`, or else after the last `at offset `: so the engine tells a fault in a
    /// function's body.
    private static func offset(in message: String) -> Int? {
        if let start = message.ranges(of: "offset 0x").last?.upperBound {
            return Int(message[start...].prefix(8).prefix(while: \.isHexDigit), radix: 16)
        }
        guard let start = message.ranges(of: "at offset ").last?.upperBound else { return nil }
        return Int(message[start...].prefix(10).prefix(while: \.isNumber))
    }
}
