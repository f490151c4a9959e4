public import Formats
public import Keys
public import Primitives

/// The Commitment Manifest: everything that the participants agree to, and nothing else holds.
///
/// Only decoding makes one, so every value here has met every rule of docs/MANIFEST.md: names are
/// unique, references resolve, links have no cycle, paths do not overlap, everything is used.
/// Whether anyone signed it is `SignedManifest`'s question.
public struct Manifest: Equatable, Sendable {
    public static let maximumByteCount = 1 << 20
    static let maximumPurposeCharacterCount = 2000

    public let name: Name
    /// Plain words for the people who sign: at most 2,000 characters.
    public let purpose: ForeignText
    /// Random, so that nobody who sees the digest alone can guess the rest.
    public let salt: FixedBytes<32>
    public let participants: [Participant]
    public let components: [Component]
    public let data: [DataEntry]
    public let outputs: [Output]
    public let channels: [Channel]
    public let run: EntryPoint
    public let limits: Limits
    public let platform: PlatformRequirements

    /// RFC 8785 form: the bytes that are signed.
    public let canonicalBytes: [UInt8]

    /// SHA-256 over ``canonicalBytes``: the session's name for this agreement.
    public let digest: SHA256Digest
    /// What a session under this manifest is bound to.
    public var bound: BoundDigest { BoundDigest(digest) }

    /// Decodes a manifest in any layout, and holds it against every rule.
    ///
    /// - Throws: ``ManifestError``, with the path of the first offending value.
    public init(decoding bytes: [UInt8]) throws(ManifestError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: Self.maximumDepth,
            orThrow: ManifestError.document
        ) { reader throws(JSONShapeError) in
            try Manifest(reader)
        }
        try ManifestRules(self).enforce()
    }

    /// An output's format is the fourth level, and each level of a schema takes two.
    private static let maximumDepth = 24

    /// The shape alone: what one value cannot show by itself is ``ManifestRules``' to find.
    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        name = try object.required("name").name()
        purpose = try object.required("purpose").purpose()
        salt = try object.hex("salt")
        participants = try object.required("participants").list(1...64, Participant.init)
        components = try object.required("components").list(1...256, Component.init)
        data = try object.required("data").list(0...256, DataEntry.init)
        channels = try object.required("channels").list(0...1024, Channel.init)
        // A log's format is not as strict.
        let logs = Set(channels.compactMap { if case .log(let log) = $0 { log.output } else { nil } })
        outputs = try object.required("outputs").list(0...256) { reader throws(JSONShapeError) in
            try Output(reader, logs: logs)
        }
        run = try EntryPoint(try object.required("run"))
        limits = try Limits(try object.required("limits"))
        platform = try PlatformRequirements(try object.required("platform"))
        try object.finish()
        canonicalBytes = reader.value.canonicalBytes
        digest = SHA256Digest(sha256: canonicalBytes)
    }
}

extension Manifest {
    /// What a purpose must be and `text` is not, to follow "expected"; `nil` if it can be one.
    package static func fault(ofPurpose text: String) -> String? {
        do {
            _ = try JSONReader(.string(text)).purpose()
            return nil
        } catch {
            if case .wrongForm(_, let expected) = error { return expected }
            return "at most 2,000 characters"
        }
    }
}

/// An organisation that takes part, known by its keys.
public struct Participant: Equatable, Sendable {
    public let name: Name
    public let signingKey: SigningPublicKey
    public let sealingKey: SealingPublicKey
}

/// Code that one participant brings, pinned by its plain digest.
public struct Component: Equatable, Sendable {
    public let name: Name
    public let provider: Name
    public let digest: SHA256Digest
    public let maximumBytes: Int
    /// Every interface that the component may import besides its links.
    public let imports: [InterfaceName]
    /// The sum over all its memories and tables, in MiB.
    public let memoryMiB: Int
    /// What the component is told behind its own name, which is the first: at most 64, together at most 4,096 bytes.
    public let arguments: [String]
    /// The size of a private folder `/tmp` in memory, of which nothing is ever released; `nil` without one.
    public let temporaryMiB: Int?
    /// Parts of the engine that are on for this component and off for the others.
    public let features: [CodeFeature]
    public let clock: Clock
    /// `nil` only where no `wasi:random` interface is listed.
    public let randomness: Randomness?
    /// What its provider says of where the code comes from. Nothing checks it.
    public let source: SourceClaim?

    /// Time of its own, or the host's.
    public enum Clock: String, CaseIterable, Equatable, Sendable {
        case virtual, real
    }

    /// Bytes that every participant can compute, or the machine's.
    public enum Randomness: String, CaseIterable, Equatable, Sendable {
        case repeatable, real
    }
}

/// Data that one participant brings.
public struct DataEntry: Equatable, Sendable {
    public let name: Name
    public let provider: Name
    public let commitment: Commitment
    public let maximumBytes: Int
    /// What the content must be, where somebody said so.
    public let format: Format?
    /// The canonical text of a table's format: what lies beside the table wherever it is mounted. `nil` for other data.
    public let tableFormat: [UInt8]?
    public let period: Period
    /// Who must agree to the content before anything runs on it.
    public let approval: Approval?

    /// What the content must hash to.
    public enum Commitment: Equatable, Sendable {
        /// What the content hashes to with its provider's salt.
        case fixed(SHA256Digest)
        /// Whatever the provider submits; the receipt says what it was.
        case any
    }
}

/// Something that leaves the session, and who receives it.
public struct Output: Equatable, Sendable {
    public let name: Name
    public let recipients: [Name]
    /// What may leave, and what is done to it before.
    public let gate: Gate
    /// The members of the entry that say so: what a process that has no manifest is told.
    public let gateEntry: JSONValue
    /// Who must agree to the content before it leaves.
    public let approval: Approval?

    /// Of what leaves, and of what the code writes.
    public var maximumBytes: Int { gate.maximumBytes }
}

/// One permitted way for information to move.
public enum Channel: Hashable, Sendable {
    case mount(Mount)
    case link(Link)
    case release(Release)
    case log(LogChannel)
}

/// Data that a component can read at a path.
public struct Mount: Hashable, Sendable {
    public let data: Name
    public let component: Name
    public let path: GuestPath

    /// Where the component finds the format of a table: beside it, by a name that may be longer than a path's may.
    public var formatPath: String { path.description + Self.formatEnding }

    static let formatEnding = ".format.json"
}

/// Calls from one component to another.
public struct Link: Hashable, Sendable {
    /// The importer's import: a plain name (`site-a`) or an interface without a version.
    public let importName: String
    public let importer: Name
    public let exporter: Name
    public let export: InterfaceName
}

/// A file that leaves as an output once its component has finished.
public struct Release: Hashable, Sendable {
    public let output: Name
    public let component: Name
    public let path: GuestPath
}

/// A component's printed words that leave as an output.
public struct LogChannel: Hashable, Sendable {
    public let output: Name
    public let component: Name
    public let stream: Stream

    /// What a component prints to.
    public enum Stream: String, CaseIterable, Equatable, Sendable {
        case stdout, stderr
    }
}

/// The one export that is called.
public struct EntryPoint: Equatable, Sendable {
    public let component: Name
    public let export: InterfaceName
}

/// Bounds of the session. Times are seconds.
public struct Limits: Equatable, Sendable {
    public let compileSeconds: Int
    /// Of each run.
    public let wallTimeSeconds: Int
    /// For everything that the first run needs, and again for what each later one needs.
    public let admissionSeconds: Int
    /// For the outputs of each run, from its end on.
    public let retentionSeconds: Int
    public let runs: Int
    /// How many runs may release nothing before the session takes no more questions.
    public let failures: Int
    /// How many runs' outputs are kept at once. The next run begins when there is room.
    public let keptRuns: Int
}
