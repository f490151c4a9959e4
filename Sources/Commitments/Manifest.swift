public import Formats
public import Keys
public import Primitives

/// The Commitment Manifest: everything that the participants agree to, and nothing else holds.
///
/// Only decoding makes one, so every value here has met every rule of docs/MANIFEST.md: names are
/// unique, references resolve, links have no cycle, paths do not overlap, everything is used.
/// Whether anyone signed it is `SignedManifest`'s question.
///
/// A manifest in a plan is decoded against that plan, which says who takes part and what the machine must prove. It is
/// the same value then; its bytes and its digest stay the document's.
public struct Manifest: Equatable, Sendable {
    public static let maximumByteCount = 1 << 20
    static let maximumPurposeCharacterCount = 2000
    /// Of one manifest alone, and of one in a plan, which may collect what a thousand sessions send.
    static let maximumDataCount = (alone: 256, planned: 1024)
    static let maximumChannelCount = (alone: 1024, planned: 2048)

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
    /// The digest of the plan that the manifest belongs to; `nil` where it stands alone.
    public let plan: SHA256Digest?
    /// What a session under this manifest is bound to: the manifest's digest, and in a plan one that names the plan and
    /// the session besides.
    public let bound: BoundDigest

    /// Decodes a manifest in any layout, and holds it against every rule.
    ///
    /// A manifest that belongs to a plan is refused: it says nothing by itself of who takes part.
    /// - Throws: ``ManifestError``, with the path of the first offending value.
    public init(decoding bytes: [UInt8]) throws(ManifestError) {
        self = try Self.read(bytes, in: nil)
        try ManifestRules(self, sessions: []).enforce()
    }

    /// Decodes a manifest that belongs to a plan. Whether the plan names this very manifest is the caller's to see.
    package init(decoding bytes: [UInt8], in plan: PlanTerms) throws(ManifestError) {
        self = try Self.read(bytes, in: plan)
        try ManifestRules(self, sessions: Set(plan.platforms.keys)).enforce()
    }

    private static func read(_ bytes: [UInt8], in plan: PlanTerms?) throws(ManifestError) -> Manifest {
        try JSONDocument.read(
            bytes, maximumByteCount: maximumByteCount, maximumDepth: maximumDepth, orThrow: ManifestError.document
        ) { reader throws(JSONShapeError) in
            try Manifest(reader, in: plan)
        }
    }

    /// An output's format is the fourth level, and each level of a schema takes two.
    private static let maximumDepth = 24

    /// The shape alone: what one value cannot show by itself is ``ManifestRules``' to find.
    private init(_ reader: JSONReader, in plan: PlanTerms?) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        try object.requireMembership(isPlanned: plan != nil)
        let named = try object.required("name")
        let name = try named.name()
        self.name = name
        purpose = try object.required("purpose").purpose()
        salt = try object.hex("salt")
        components = try object.required("components").list(1...256, Component.init)
        let (entries, ways) = (Self.maximumDataCount, Self.maximumChannelCount)
        data = try object.required("data").list(0...(plan == nil ? entries.alone : entries.planned), DataEntry.init)
        channels = try object.required("channels").list(0...(plan == nil ? ways.alone : ways.planned), Channel.init)
        // A log's format is not as strict.
        let logs = Set(channels.compactMap { if case .log(let log) = $0 { log.output } else { nil } })
        outputs = try object.required("outputs").list(0...256) { reader throws(JSONShapeError) in
            try Output(reader, logs: logs)
        }
        run = try EntryPoint(try object.required("run"))
        limits = try Limits(try object.required("limits"))
        if let plan {
            guard let platform = plan.platforms[name] else {
                throw .wrongForm(named.path, expected: "the name of a session of the plan")
            }
            (participants, self.platform) = (plan.participants, platform)
        } else {
            participants = try object.required("participants").participants()
            platform = try PlatformRequirements(try object.required("platform"))
        }
        try object.finish()
        let canonicalBytes = reader.value.canonicalBytes
        let digest = SHA256Digest(sha256: canonicalBytes)
        self.canonicalBytes = canonicalBytes
        self.digest = digest
        self.plan = plan?.digest
        bound =
            plan.map { BoundDigest(plan: $0.digest, manifest: digest, session: name) } ?? BoundDigest(digest)
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
    /// Whether its code may throw and catch.
    public var mayThrow: Bool { features.contains(.exceptions) }
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

/// Data that one participant brings, or in a plan another session.
public struct DataEntry: Equatable, Sendable {
    public let name: Name
    public let provider: End
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
    public let recipients: [End]
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
