public import Commitments
public import Evidence
public import Keys
public import Primitives

/// What a participant has submitted, and to which sessions: one line for each submission, written before it leaves.
///
/// A host can start two machines for one manifest. Data submitted to both is computed on twice, and differences between
/// two results may say what one would not. So a second session of a manifest is refused unless it is named.
///
/// In a plan a session may have several machines, each of which is given the very same. So the ledger pins what a slot
/// was given first: content, and for data the salt of its commitment.
public struct Ledger: Equatable, Sendable {
    /// One submission.
    public struct Entry: Equatable, Sendable {
        public let time: Timestamp
        /// What the session is bound to.
        public let bound: BoundDigest
        public let session: SHA256Digest
        public let slot: Name
        /// SHA-256 of the content. It has no salt, so the ledger is for its owner alone.
        public let content: SHA256Digest
        /// In a plan, what the commitment to the content is made with.
        public let salt: FixedBytes<32>?

        /// Notes a submission that is about to leave.
        public init(
            time: Timestamp, bound: BoundDigest, session: SHA256Digest, slot: Name, content: SHA256Digest,
            salt: FixedBytes<32>? = nil
        ) {
            self.time = time
            self.bound = bound
            self.session = session
            self.slot = slot
            self.content = content
            self.salt = salt
        }
    }

    /// 64 MiB: some hundred thousand submissions.
    public static let maximumByteCount = 64 << 20

    public private(set) var entries: [Entry]

    /// Decodes the ledger's file.
    ///
    /// - Parameter bytes: lines of JSON, the last one ended as well.
    /// - Throws: ``LedgerError/unreadable(line:)``: a ledger that cannot be read vouches for nothing.
    public init(decoding bytes: [UInt8]) throws(LedgerError) {
        entries = []
        guard bytes.count <= Self.maximumByteCount else { throw .full }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true else { throw .unreadable(line: lines.count + 1) }
        for (index, line) in lines.enumerated() {
            guard let entry = Entry(decoding: Array(line)) else { throw .unreadable(line: index + 1) }
            entries.append(entry)
        }
    }

    /// Permits a submission to a session, or says to which others of the same manifest one went before.
    ///
    /// - Parameters:
    ///   - session: its id.
    ///   - bound: what it is bound to.
    ///   - accepted: the words of a session that the participant insists on although there was another.
    public func permit(
        _ session: SHA256Digest, boundTo bound: BoundDigest, insistingOn accepted: String?
    ) throws(LedgerError) {
        let others = entries.filter { $0.bound == bound && $0.session != session }
        guard let latest = others.last else { return }
        let words = SessionWords(session)
        guard accepted == words.description else {
            throw .secondSession(words, earlier: SessionWords(latest.session), at: latest.time)
        }
    }

    /// Permits a submission to one more machine of a planned session, or says that the plan's attempts are used.
    ///
    /// - Parameters:
    ///   - session: its id.
    ///   - bound: what it is bound to.
    ///   - attempts: how many machines the plan allows.
    public func permit(
        _ session: SHA256Digest, boundTo bound: BoundDigest, attempts: Int
    ) throws(LedgerError) {
        let others = Set(entries.filter { $0.bound == bound && $0.session != session }.map(\.session))
        guard others.count < attempts else { throw .attemptsUsed(SessionWords(session), attempts) }
    }

    /// What the slot of a planned session was given first, and with it every later machine of that session.
    public func pin(of slot: Name, boundTo bound: BoundDigest) -> Entry? {
        entries.first { $0.bound == bound && $0.slot == slot }
    }

    /// The latest submission of the same content to a session that is bound to something else. Results of two
    /// collaborations over the same people can be put together.
    public func latestUse(of content: SHA256Digest, besides bound: BoundDigest) -> Entry? {
        entries.last { $0.content == content && $0.bound != bound }
    }
}

extension Ledger.Entry {
    /// The line, its end included.
    public var line: [UInt8] {
        let members = [
            JSONMember("version", 1), JSONMember("time", .string(time.description)),
            JSONMember("bound", .string(bound.description)), JSONMember("session", .string(session.description)),
            JSONMember("slot", .string(slot.description)), JSONMember("content", .string(content.prefixed)),
        ]
        let value = JSONValue.object(members + (salt.map { [JSONMember("salt", .string($0.description))] } ?? []))
        return value.canonicalBytes + [UInt8(ascii: "\n")]
    }

    fileprivate init?(decoding line: [UInt8]) {
        guard let value = try? JSONValue(parsing: line, maximumByteCount: 1024, maximumDepth: 2),
            let entry = try? Self(JSONReader(value))
        else { return nil }
        self = entry
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        time = try object.parsed("time", as: "a time") { Timestamp($0) }
        bound = BoundDigest(try object.hex("bound"))
        session = try object.hex("session")
        slot = try object.parsed("slot", as: "a name") { Name($0) }
        content = try object.required("content").digest()
        salt = try object.optional("salt")?.hex()
        try object.finish()
    }
}

/// What a ledger has against a submission.
public enum LedgerError: Error, Equatable, Sendable {
    case secondSession(SessionWords, earlier: SessionWords, at: Timestamp)
    /// As many machines of the session were given something as the plan allows.
    case attemptsUsed(SessionWords, Int)
    /// Another machine of the session was given something else.
    case contentDiffers(Name)
    case unreadable(line: Int)
    case full
}

extension LedgerError: ExplainedError {
    public var code: String {
        switch self {
        case .secondSession: "ledger.session"
        case .attemptsUsed: "ledger.attempts"
        case .contentDiffers: "ledger.content"
        case .unreadable: "ledger.form"
        case .full: "ledger.size"
        }
    }

    public var message: String {
        switch self {
        case .secondSession(_, let earlier, let time):
            "you submitted to another session of this manifest, \(earlier), at \(time)"
        case .attemptsUsed(let words, let attempts):
            "the plan allows \(attempts) machines for this session, and \(words) would be one more"
        case .contentDiffers(let slot): "an earlier machine of this session was given other content as \(slot)"
        case .unreadable(let line): "the ledger cannot be read from line \(line) on"
        case .full: "the ledger is larger than \(Ledger.maximumByteCount) bytes"
        }
    }

    public var hint: String? {
        switch self {
        case .secondSession(let words, _, _):
            "your data may be computed on twice. If that is what you want: --accept-second-session \(words)"
        case .attemptsUsed: nil
        case .contentDiffers: "bring the file as it was then: each machine of a session gets the same"
        case .unreadable: "it may have been cut by a full disk; repair its last line, or move it away and remember why"
        case .full: "move it away, and keep it"
        }
    }
}
