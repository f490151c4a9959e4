public import Commitments
public import Evidence
public import Keys
public import Lifecycle
internal import Primitives
internal import Sealing
public import Verification

/// Where a recipient's outputs go while they come. Nothing of them is verified before ``OutputsReader/finish()``.
public protocol OutputsSink {
    /// An output begins; those before it are whole.
    func begin(_ output: Name) throws
    /// The next piece of it.
    func append(_ piece: [UInt8]) throws
}

/// What came for a recipient, all of it verified.
public struct VerifiedOutputs: Sendable {
    public let receipt: VerifiedReceipt
    /// The receipt's envelope, as it came.
    public let receiptFile: [UInt8]
    /// The bundle that was made at the lock, with what its endorsements lacked.
    public let evidence: EvidenceBundle
    /// What only this recipient is told of a composition that failed. Its words are others': show them escaped.
    public let notice: String?
    /// The outputs and the salts that the receipt's commitments were made with.
    public let outputs: [IndexEntry]
}

/// Opens a recipient's stream piece by piece, in constant memory, and compares everything with everything.
///
///     var reader = try OutputsReader(of: session, under: manifest, to: participant, openedWith: key, by: verifier)
///     while let piece = next() { try reader.append(piece, to: sink) }
///     let verified = try reader.finish()
public struct OutputsReader: Sendable {
    private let session: AffirmedSession
    private let manifest: Manifest
    private let run: Int
    private let recipient: Participant
    private let key: SealingKey
    private let verifier: Verifier
    /// What the bundle that travels may lack: the endorsements of the one that was just appraised.
    private let known: Endorsements

    /// Bytes of the stream that make no chunk yet.
    private var pending: [UInt8] = []
    private var stream: OpenedStream?
    /// The content up to the outputs.
    private var head: [UInt8] = []
    private var body: OutputsBody?
    /// What was refused once stays refused, whatever comes after it.
    private var hasFailed = false

    private let lockEvidence: EvidenceBundle?

    /// Begins before the first byte of a stream.
    ///
    /// - Parameters:
    ///   - run: which of the session's runs.
    ///   - session: affirmed on a nonce of the recipient's own.
    ///   - manifest: what the session runs.
    ///   - recipient: whose stream it is.
    ///   - key: the recipient's.
    ///   - verifier: whose policy, lists and waivers count.
    ///   - known: endorsements that complete those of the bundle beside the receipt.
    ///   - lockEvidence: that bundle, for every run but the first, with which it travels.
    public init(
        ofRun run: Int, of session: AffirmedSession, under manifest: Manifest, to recipient: Participant,
        openedWith key: SealingKey, by verifier: Verifier, knowing known: Endorsements,
        lockEvidence: EvidenceBundle? = nil
    ) throws(OutputsError) {
        guard session.bound == manifest.bound, manifest.participants.contains(recipient) else {
            throw .header
        }
        self.session = session
        self.manifest = manifest
        self.run = run
        self.lockEvidence = lockEvidence
        self.recipient = recipient
        self.key = key
        self.verifier = verifier
        self.known = known
    }

    /// The stream's size, which the manifest alone fixes.
    public static func streamByteCount(for recipient: Name, under manifest: Manifest, run: Int) -> Int {
        StreamFormat.streamByteCount(
            ofContent: OutputsIndex.contentByteCount(for: recipient, under: manifest, run: run))
    }

    /// Takes the stream's next bytes, however many.
    public mutating func append(_ bytes: [UInt8], to sink: some OutputsSink) throws {
        guard !hasFailed else { throw OutputsError.incomplete }
        hasFailed = true
        try take(bytes, to: sink)
        hasFailed = false
    }

    private mutating func take(_ bytes: [UInt8], to sink: some OutputsSink) throws {
        pending += bytes
        var taken = 0
        defer { pending.removeFirst(taken) }
        while let count = nextByteCount, pending.count - taken >= count {
            let piece = Array(pending[taken..<taken + count])
            taken += count
            if stream == nil {
                try open(piece)
            } else {
                try read(piece, to: sink)
            }
        }
        // The last chunk was read: whatever follows belongs to no stream.
        if nextByteCount == nil, pending.count > taken { throw OutputsError.padding }
    }

    /// Everything, once everything has come.
    public consuming func finish() throws(OutputsError) -> VerifiedOutputs {
        guard !hasFailed, let stream, stream.isComplete, pending.isEmpty, let body, body.isComplete else {
            throw .incomplete
        }
        return body.verified
    }

    private var nextByteCount: Int? {
        guard let stream else { return StreamFormat.prologueByteCount }
        return stream.nextChunkByteCount
    }

    private mutating func open(_ prologue: [UInt8]) throws(OutputsError) {
        let opened: OpenedStream
        do {
            opened = try ClaimedStream(prologue, for: .outputs, in: session.id, openedWith: key)
                .verified(by: session.keys.signing)
        } catch {
            throw .sealing(error)
        }
        let expected = OutputsIndex.contentByteCount(for: recipient.name, under: manifest, run: run)
        guard opened.header.slot == recipient.name.description, opened.header.salt.isZero,
            opened.header.length == expected, opened.header.run?.number == run
        else { throw .header }
        stream = opened
    }

    private mutating func read(_ chunk: [UInt8], to sink: some OutputsSink) throws {
        let content: [UInt8]
        do {
            guard let opened = try stream?.open(chunk) else { return }
            content = opened
        } catch {
            throw OutputsError.sealing(error)
        }
        if body != nil {
            try body?.append(content[...], to: sink)
            return
        }
        head += content
        guard let end = try headByteCount(), head.count >= end else { return }
        body = try verifiedHead(end)
        let rest = head[end...]
        try body?.append(rest, to: sink)
        head = []
    }

    /// Index, receipt, evidence and notice: known once the index is.
    private func headByteCount() throws(OutputsError) -> Int? {
        guard head.count >= OutputsIndex.headByteCount else { return nil }
        do {
            let count = try OutputsIndex.byteCount(announcedBy: head[...], for: recipient.name, under: manifest)
            guard head.count >= count else { return nil }
            return try OutputsIndex(decoding: head[...], for: recipient.name, under: manifest, run: run).notice
                .upperBound
        } catch {
            throw .index(error)
        }
    }

    private func verifiedHead(_ end: Int) throws(OutputsError) -> OutputsBody {
        let index: OutputsIndex
        do {
            index = try OutputsIndex(decoding: head[...], for: recipient.name, under: manifest, run: run)
        } catch {
            throw .index(error)
        }
        var bundle: EvidenceBundle
        if run == 1 {
            do {
                bundle = try EvidenceBundle(decoding: Array(head[index.evidence]))
            } catch {
                throw .evidence(error)
            }
        } else {
            guard let lockEvidence else { throw .otherEvidence }
            bundle = lockEvidence
        }
        bundle.endorsements = bundle.endorsements.completed(from: known)
        let receiptFile = Array(head[index.receipt])
        let receipt = try VerifiedReceipt(
            receiptFile, beside: bundle, of: session, under: manifest, by: verifier)
        guard receipt.receipt.run == stream?.header.run else { throw .otherRun }
        guard let notice = String(validating: head[index.notice], as: UTF8.self) else { throw .notice }
        let verified = VerifiedOutputs(
            receipt: receipt, receiptFile: receiptFile, evidence: bundle, notice: notice.isEmpty ? nil : notice,
            outputs: index.outputs)
        return try OutputsBody(verified, of: recipient.name, under: manifest)
    }
}

/// The outputs and what follows them, against the commitments of a verified receipt.
private struct OutputsBody: Sendable {
    let verified: VerifiedOutputs
    private let expected: [SHA256Digest]
    private var index = 0
    private var missing = 0
    private var hasher: ContentHasher?

    /// - Throws: ``OutputsError/outputsDiffer`` unless the outputs are those that the receipt says were made.
    init(_ verified: VerifiedOutputs, of recipient: Name, under manifest: Manifest) throws(OutputsError) {
        self.verified = verified
        let receipt = verified.receipt.receipt
        let mine = Set(OutputsIndex.outputs(of: recipient, under: manifest).map(\.name))
        let entries = receipt.outputs.filter { mine.contains($0.name) }
        guard entries.map(\.name) == verified.outputs.map(\.name) else { throw .outputsDiffer }
        guard receipt.ending == .failed || verified.notice == nil else { throw .notice }
        expected = entries.map(\.digest)
    }

    var isComplete: Bool { index == verified.outputs.count && hasher == nil }

    mutating func append(_ content: ArraySlice<UInt8>, to sink: some OutputsSink) throws {
        var rest = content
        while index < verified.outputs.count {
            let output = verified.outputs[index]
            if hasher == nil {
                try sink.begin(output.name)
                hasher = ContentHasher(salt: output.salt, byteCount: output.byteCount)
                missing = output.byteCount
            }
            let piece = Array(rest.prefix(missing))
            rest = rest.dropFirst(piece.count)
            missing -= piece.count
            hasher?.update(piece)
            if !piece.isEmpty { try sink.append(piece) }
            guard missing == 0 else { return }
            guard hasher?.finalize() == expected[index] else { throw OutputsError.outputDiffers(output.name) }
            hasher = nil
            index += 1
        }
        guard rest.allSatisfy({ $0 == 0 }) else { throw OutputsError.padding }
    }
}
