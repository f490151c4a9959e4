public import Commitments
public import Primitives

/// What lies where in the content of a recipient's outputs stream.
///
///     index's size (4, big-endian) ‖ index (RFC 8785) ‖ receipt ‖ evidence ‖ notice ‖ outputs … ‖ zeros
///
/// The content's size depends on the manifest alone, so that a host that counts bytes does not learn how the run
/// ended. Salts stand here and not in the receipt: it may be shown to those who received no output.
public struct OutputsIndex: Equatable, Sendable {
    /// One output, in the manifest's order.
    public struct Entry: Equatable, Sendable {
        public let name: Name
        public let byteCount: Int
        /// What the receipt's commitment was made with.
        public let salt: FixedBytes<32>

        /// Says how long an output is and how it was committed to.
        public init(name: Name, byteCount: Int, salt: FixedBytes<32>) {
            self.name = name
            self.byteCount = byteCount
            self.salt = salt
        }
    }

    /// The receipt's envelope.
    public let receiptByteCount: Int
    /// The evidence bundle that the receipt names.
    public let evidenceByteCount: Int
    /// What only this recipient is told of a failed composition: UTF-8 text, often none.
    public let noticeByteCount: Int
    public let outputs: [Entry]

    /// Bytes of ``noticeByteCount``, at most.
    public static let maximumNoticeByteCount = 16 * 1024

    /// Says what lies where.
    public init(receiptByteCount: Int, evidenceByteCount: Int, noticeByteCount: Int, outputs: [Entry]) {
        self.receiptByteCount = receiptByteCount
        self.evidenceByteCount = evidenceByteCount
        self.noticeByteCount = noticeByteCount
        self.outputs = outputs
    }
}

extension OutputsIndex {
    private static let maximumEvidenceByteCount = 131_072
    private static let headByteCount = 4

    /// 160 bytes an entry, with the longest name and the largest count.
    private static func maximumIndexByteCount(_ count: Int) -> Int { 512 + 192 * count }

    /// Two keys, and 150 bytes an entry, in base64 and signed.
    private static func maximumReceiptByteCount(_ count: Int) -> Int { 8192 + 256 * count }

    /// The outputs that `recipient` gets, in the manifest's order.
    public static func outputs(of recipient: Name, under manifest: Manifest) -> [Output] {
        manifest.outputs.filter { $0.recipients.contains(recipient) }
    }

    /// The size of every content for `recipient`, whatever happened.
    public static func contentByteCount(for recipient: Name, under manifest: Manifest) -> Int {
        let outputs = outputs(of: recipient, under: manifest)
        let entries = manifest.components.count + manifest.data.count + manifest.outputs.count
        return headByteCount + maximumIndexByteCount(outputs.count) + maximumReceiptByteCount(entries)
            + maximumEvidenceByteCount + maximumNoticeByteCount + outputs.reduce(0) { $0 + $1.maximumBytes }
    }

    /// The first bytes of a content: the index's size, then the index.
    public var encoded: [UInt8] {
        let value: JSONValue = [
            "version": 1,
            "receiptBytes": .integer(receiptByteCount),
            "evidenceBytes": .integer(evidenceByteCount),
            "noticeBytes": .integer(noticeByteCount),
            "outputs": .array(
                outputs.map { entry in
                    [
                        "name": .string(entry.name.description), "bytes": .integer(entry.byteCount),
                        "salt": .string(entry.salt.description),
                    ]
                }),
        ]
        let bytes = value.canonicalBytes
        return (0..<Self.headByteCount).map { UInt8(truncatingIfNeeded: bytes.count >> (24 - 8 * $0)) } + bytes
    }
}
