internal import Primitives

/// Evidence in other people's envelope: a RATS Conceptual Message Wrapper, as a record of type, value and indicator.
///
/// Source: draft-ietf-rats-msg-wrap, editors' copy of 2025-12-10, section "Record CMW".
public enum ConceptualMessage: Sendable {
    /// Endorsements (bit 1) and Evidence (bit 2): a bundle has both.
    static let indicator: UInt8 = 0b110

    /// Bytes of either form, at most.
    public static let maximumByteCount = EvidenceBundle.maximumByteCount / 3 * 4 + 256

    /// `["application/vnd.2cvm.evidence+json", "<base64url>", 6]`.
    public static func json(_ bundle: EvidenceBundle) -> [UInt8] {
        let record: JSONValue = [
            .string(EvidenceBundle.mediaType), .string(Base64.urlUnpadded.encode(bundle.encoded)),
            .integer(Int(indicator)),
        ]
        return record.canonicalBytes
    }

    /// The same as CBOR (RFC 8949, deterministic encoding): an array of a text, a byte string and a number.
    public static func cbor(_ bundle: EvidenceBundle) -> [UInt8] {
        let (type, value) = (Array(EvidenceBundle.mediaType.utf8), bundle.encoded)
        return [0x83] + head(3, type.count) + type + head(2, value.count) + value + [indicator]
    }

    /// Whether bytes begin as a record does. A bundle itself begins with a brace.
    public static func isRecord(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first else { return false }
        return first == UInt8(ascii: "[") || first == 0x82 || first == 0x83
    }

    /// The bundle's bytes in a record of either form.
    ///
    /// - Parameter bytes: hostile, at most ``maximumByteCount``.
    /// - Throws: ``EvidenceFileError`` for another type, another indicator, and anything else that is no such record.
    public static func content(of bytes: [UInt8]) throws(EvidenceFileError) -> [UInt8] {
        guard bytes.count <= maximumByteCount else { throw .message("it is too large") }
        guard bytes.first == UInt8(ascii: "[") else { return try content(ofCBOR: bytes) }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: maximumByteCount, maximumDepth: 2)
        } catch {
            throw .json(error)
        }
        guard case .array(let parts) = value, 2...3 ~= parts.count else { throw .message("it has 2 or 3 parts") }
        guard JSONReader(parts[0]).isWord(EvidenceBundle.mediaType) else {
            throw .message("its type is \(EvidenceBundle.mediaType)")
        }
        guard case .string(let text) = parts[1], let content = Base64.urlUnpadded.decode(text) else {
            throw .message("its value is base64url without padding")
        }
        guard parts.count == 2 || parts[2] == .integer(Int(indicator)) else {
            throw .message("its indicator is \(indicator): endorsements and evidence")
        }
        return content
    }

    private static func content(ofCBOR bytes: [UInt8]) throws(EvidenceFileError) -> [UInt8] {
        var rest = bytes[...]
        guard let first = rest.popFirst(), first == 0x82 || first == 0x83 else { throw .message("it has 2 or 3 parts") }
        guard let type = string(3, from: &rest), type.elementsEqual(EvidenceBundle.mediaType.utf8) else {
            throw .message("its type is \(EvidenceBundle.mediaType)")
        }
        guard let value = string(2, from: &rest) else {
            throw .message("its value is a byte string of a stated length")
        }
        guard Array(rest) == (first == 0x83 ? [indicator] : []) else {
            throw .message("its indicator is \(indicator): endorsements and evidence, and nothing follows")
        }
        return Array(value)
    }

    /// Major type and length in the shortest form.
    private static func head(_ major: UInt8, _ count: Int) -> [UInt8] {
        let type = major << 5
        return switch count {
        case ..<24: [type | UInt8(count)]
        case ..<0x100: [type | 24, UInt8(count)]
        case ..<0x1_0000: [type | 25, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: [type | 26] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        }
    }

    /// A text or byte string, its length in the shortest form, or `nil`.
    private static func string(_ major: UInt8, from bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let first = bytes.popFirst(), first >> 5 == major else { return nil }
        var count = Int(first & 0x1F)
        let sizes = [24: 1, 25: 2, 26: 4]
        if let size = sizes[count] {
            guard bytes.count >= size else { return nil }
            count = bytes.prefix(size).reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(size)
        } else if count > 23 {
            return nil
        }
        guard head(major, count).first == first, bytes.count >= count else { return nil }
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }
}
