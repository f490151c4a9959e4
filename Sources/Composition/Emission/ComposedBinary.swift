public import Commitments
public import Primitives

/// One component made of all participants' components, wired as the manifest says.
///
/// Only ``compose(_:of:)`` makes one. The engine has not seen it yet.
public struct ComposedBinary: Sendable {
    public let bytes: [UInt8]
    public let digest: SHA256Digest
    /// The host world's names: all that the binary imports.
    public let hostImports: [String]
    /// The export that the worker calls.
    public let entry: String
    public let storeLimits: StoreLimits
    /// What all memories and tables can come to: the components' caps and their shims'.
    public let memoryByteCount: Int
    /// Which bytes are whose, without gaps, in order.
    public let attribution: [Attribution]
    let manifestDigest: SHA256Digest
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

    /// What the engine objected to, in the manifest's words.
    ///
    /// - Parameters:
    ///   - message: The engine's own, which names imports in backquotes and an offset. It's used to
    ///     choose among the manifest's names and never passed on.
    ///   - manifest: The one that the binary was composed for.
    /// - Returns: `nil` where the message fits no place.
    public func refusal(explaining message: String, under manifest: Manifest) -> EngineRefusal? {
        guard let offset = Self.offset(in: message), let subject = subject(at: offset) else { return nil }
        switch subject {
        case .component(let name): return .component(name)
        case .shim(let name): return .shim(name)
        case .hostWorld, .entry: return .entry
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

    /// The number after the last `offset 0x`.
    private static func offset(in message: String) -> Int? {
        guard let start = message.ranges(of: "offset 0x").last?.upperBound else { return nil }
        return Int(message[start...].prefix(8).prefix(while: \.isHexDigit), radix: 16)
    }
}

/// What the engine refused, by the manifest's names.
public enum EngineRefusal: Error, Equatable, Sendable {
    /// The component is not valid, or uses what the engine keeps out.
    case component(Name)
    /// The two ends of a link differ in their types.
    case link(Link, channel: Int)
    /// An interface of the host or a shim is not what the component expects.
    case imports(Name)
    case shim(Name)
    case entry
}

extension EngineRefusal: ExplainedError {
    public var code: String {
        switch self {
        case .component: "engine.component"
        case .link: "engine.link"
        case .imports: "engine.imports"
        case .shim: "engine.shim"
        case .entry: "engine.entry"
        }
    }

    public var message: String {
        switch self {
        case .component(let name): "the engine finds \(name) invalid"
        case .link(let link, let channel):
            "\(link.importName), imported by \(link.importer) from \(link.exporter) (channels[\(channel)]),"
                + " has other types than \(link.export) there"
        case .imports(let name):
            "\(name) imports an interface of the host with functions or types that it does not have"
        case .shim(let name): "the shim of \(name) does not fit the engine"
        case .entry: "the composed binary does not fit the engine"
        }
    }

    public var hint: String? {
        switch self {
        case .component: "`wasm-tools validate` says where, and the worker's features are WebAssembly 2.0's"
        case .link: "build both from the same WIT"
        case .imports: "the host world is WASI 0.2 without HTTP"
        case .shim, .entry: nil
        }
    }
}
