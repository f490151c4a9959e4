public import Commitments
public import Primitives

/// What lies where in the content of a recipient's outputs stream.
///
///     index's size (4, big-endian) ‖ index (RFC 8785) ‖ receipt ‖ evidence ‖ notice ‖ outputs … ‖ zeros
///
/// The content's size depends on the manifest alone, so that a host that counts bytes does not learn how the run
/// ended. Salts stand here and not in the receipt: it may be shown to those who received no output.
public struct OutputsIndex: Equatable, Sendable {
    /// The receipt's envelope.
    public let receiptByteCount: Int
    /// The evidence bundle that the receipt names, in the first run; none in later ones.
    public let evidenceByteCount: Int
    /// What only this recipient is told of a failed composition: UTF-8 text, often none.
    public let noticeByteCount: Int
    /// In the manifest's order.
    public let outputs: [IndexEntry]

    /// Bytes of ``noticeByteCount``, at most.
    public static let maximumNoticeByteCount = 16 * 1024

    /// Says what lies where.
    public init(receiptByteCount: Int, evidenceByteCount: Int, noticeByteCount: Int, outputs: [IndexEntry]) {
        self.receiptByteCount = receiptByteCount
        self.evidenceByteCount = evidenceByteCount
        self.noticeByteCount = noticeByteCount
        self.outputs = outputs
    }
}

extension OutputsIndex {
    /// Bytes of ``evidenceByteCount``, at most: as large as a bundle can be.
    public static let maximumEvidenceByteCount = 131_072
    /// Bytes of the index's size.
    public static let headByteCount = IndexFrame.headByteCount

    /// The evidence that was made for the lock travels with the first run's receipt.
    private static func maximumEvidenceByteCount(_ run: Int) -> Int { run == 1 ? maximumEvidenceByteCount : 0 }

    /// 160 bytes an entry, with the longest name and the largest count.
    private static func maximumIndexByteCount(_ count: Int) -> Int { 512 + 192 * count }

    /// Two keys, and 150 bytes an entry, in base64 and signed; 80 more where another session fills a slot.
    private static func maximumReceiptByteCount(under manifest: Manifest) -> Int {
        let entries = manifest.components.count + manifest.data.count + manifest.outputs.count
        return 8192 + 256 * entries + 128 * manifest.data.count { $0.provider.session != nil }
    }

    /// What names a recipient's stream to a host that is not to know the recipient's name:
    /// SHA-256(`"2cvm outputs v1"` ‖ 0x00 ‖ the manifest's salt ‖ run (4, big-endian) ‖ name).
    public static func token(of recipient: Name, under manifest: Manifest, run: Int) -> SHA256Digest {
        StreamToken(.outputs, of: run, under: manifest).digest(for: recipient)
    }

    /// The outputs that `recipient` gets, in the manifest's order.
    public static func outputs(of recipient: Name, under manifest: Manifest) -> [Output] {
        manifest.outputs.filter { $0.participants.contains(recipient) }
    }

    /// The size of every content for `recipient`, whatever happened. The evidence travels once.
    public static func contentByteCount(for recipient: Name, under manifest: Manifest, run: Int) -> Int {
        let outputs = outputs(of: recipient, under: manifest)
        return headByteCount + maximumIndexByteCount(outputs.count) + maximumReceiptByteCount(under: manifest)
            + maximumEvidenceByteCount(run) + maximumNoticeByteCount + outputs.reduce(0) { $0 + $1.maximumBytes }
    }
}

extension OutputsIndex {
    /// Bytes before the receipt: the index's size and the index.
    public var byteCount: Int { encoded.count }

    /// Where the receipt's envelope lies in the content.
    public var receipt: Range<Int> { range(from: byteCount, receiptByteCount) }
    /// Where the evidence bundle lies.
    public var evidence: Range<Int> { range(from: receipt.upperBound, evidenceByteCount) }
    /// Where the notice lies.
    public var notice: Range<Int> { range(from: evidence.upperBound, noticeByteCount) }
    /// Where each output lies, in the order of ``outputs``. What follows the last one is zeros.
    public var outputRanges: [Range<Int>] {
        outputs.ranges(from: notice.upperBound)
    }

    private func range(from start: Int, _ count: Int) -> Range<Int> { start..<start + count }

    /// The first bytes of a content: the index's size, then the index.
    public var encoded: [UInt8] {
        let value: JSONValue = [
            "version": 1,
            "receiptBytes": .integer(receiptByteCount),
            "evidenceBytes": .integer(evidenceByteCount),
            "noticeBytes": .integer(noticeByteCount),
            "outputs": .array(outputs.map(\.json)),
        ]
        return IndexFrame.framed(value.canonicalBytes)
    }
}

extension OutputsIndex {
    /// How many bytes of a content ``init(decoding:for:under:run:)`` needs, once its first four are known.
    ///
    /// - Throws: ``OutputsIndexError/tooLarge(maximum:found:)``, ``OutputsIndexError/tooShort(expected:found:)``
    public static func byteCount(
        announcedBy start: ArraySlice<UInt8>, for recipient: Name, under manifest: Manifest
    ) throws(OutputsIndexError) -> Int {
        guard start.count >= headByteCount else { throw .tooShort(expected: headByteCount, found: start.count) }
        let count = IndexFrame.count(in: start)
        let maximum = maximumIndexByteCount(outputs(of: recipient, under: manifest).count)
        guard count <= maximum else { throw .tooLarge(maximum: maximum, found: count) }
        return headByteCount + count
    }

    /// Decodes the index at the start of a content for `recipient`.
    ///
    /// Everything that it points at then lies within ``contentByteCount(for:under:run:)``. Whether outputs and receipt
    /// are what the index says is not yet known.
    /// - Parameters:
    ///   - start: the first bytes of the content, at least all of the index. What follows is not looked at.
    ///   - recipient: whose stream it is.
    ///   - manifest: what was agreed.
    ///   - run: whose outputs they are.
    public init(
        decoding start: ArraySlice<UInt8>, for recipient: Name, under manifest: Manifest, run: Int
    ) throws(OutputsIndexError) {
        let end = try Self.byteCount(announcedBy: start, for: recipient, under: manifest)
        guard start.count >= end else { throw .tooShort(expected: end, found: start.count) }
        let bytes = Array(start.prefix(end).dropFirst(Self.headByteCount))
        let promised = Self.outputs(of: recipient, under: manifest)
        let value: JSONValue
        (self, value) = try JSONDocument.read(
            bytes, maximumByteCount: bytes.count, maximumDepth: 4, orThrow: OutputsIndexError.document
        ) { reader throws(JSONShapeError) in
            let most = (
                receipt: Self.maximumReceiptByteCount(under: manifest), evidence: Self.maximumEvidenceByteCount(run)
            )
            return (try OutputsIndex(reader, promised, most), reader.value)
        }
        guard value.canonicalBytes == bytes else { throw .notCanonical }
        guard outputs.isEmpty || outputs.map(\.name) == promised.map(\.name) else {
            throw .outputsDiffer(expected: promised.map(\.name))
        }
    }

    private init(
        _ reader: JSONReader, _ promised: [Output], _ maximumByteCounts: (receipt: Int, evidence: Int)
    ) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        receiptByteCount = try object.integer("receiptBytes", in: 1...maximumByteCounts.receipt)
        let most = maximumByteCounts.evidence
        evidenceByteCount = try object.integer("evidenceBytes", in: min(1, most)...most)
        noticeByteCount = try object.integer("noticeBytes", in: 0...Self.maximumNoticeByteCount)
        var outputs: [IndexEntry] = []
        for (reader, output) in zip(try object.array("outputs", maximumCount: promised.count), promised) {
            outputs.append(try IndexEntry(reader, maximumBytes: output.maximumBytes))
        }
        self.outputs = outputs
        try object.finish()
    }
}
