internal import Primitives
internal import SwiftASN1

/// A certificate's number under its issuer: not negative, at most 20 bytes (RFC 5280, 4.1.2.2).
public struct SerialNumber: Hashable, Sendable, CustomStringConvertible {
    /// Big-endian, as DER has it.
    public let bytes: [UInt8]

    static let maximumByteCount = 20

    init(_ node: ASN1Node) throws(CertificateError) {
        guard node.identifier == .integer, case .primitive(let content) = node.content, let first = content.first else {
            throw .malformed(.serialNumber)
        }
        // Zero is a number here: AMD's report keys all have it.
        let hasNeedlessZero = first == 0 && content.dropFirst().first.map { $0 < 0x80 } ?? false
        guard !hasNeedlessZero else { throw .malformed(.serialNumber) }
        guard first < 0x80, content.count <= Self.maximumByteCount else { throw .unsupported(.serialNumber) }
        bytes = Array(content)
    }

    /// Hexadecimal, as AMD and openssl print it.
    public var description: String { bytes.hex }
}

/// The name of an issuer or a subject.
public struct DistinguishedName: Hashable, Sendable {
    /// The DER: two names are one when these bytes are.
    public let encoded: [UInt8]
    /// Printable ASCII, at most 64 characters.
    public let commonName: String

    static let maximumPartCount = 16
    static let maximumByteCount = 64

    init(_ node: ASN1Node, in part: CertificatePart) throws(CertificateError) {
        var sets = try DERElements(of: node, in: part)
        var commonName: String?
        var count = 0
        while !sets.isAtEnd {
            count += 1
            guard count <= Self.maximumPartCount else { throw .unsupported(part) }
            var set = try DERElements(of: sets.next(), as: .set, in: part)
            var attribute = try DERElements(of: set.next(), in: part)
            try set.finish()
            let type = try attribute.next().decoded(as: ASN1ObjectIdentifier.self, in: part)
            let text = try printableText(attribute.next(), in: part)
            try attribute.finish()
            guard type == .commonName else { continue }
            guard commonName == nil else { throw .unsupported(part) }
            commonName = text
        }
        guard let commonName else { throw .unsupported(part) }
        self.commonName = commonName
        encoded = Array(node.encodedBytes)
    }
}

/// A UTF8String, PrintableString or IA5String of printable ASCII, so that it can be printed as it is.
func printableText(_ node: ASN1Node, in part: CertificatePart) throws(CertificateError) -> String {
    guard [.utf8String, .printableString, .ia5String].contains(node.identifier),
        case .primitive(let bytes) = node.content
    else { throw .malformed(part) }
    guard bytes.count <= DistinguishedName.maximumByteCount, bytes.allSatisfy({ 0x20...0x7E ~= $0 }) else {
        throw .unsupported(part)
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// From when until when a certificate holds, both included.
public struct Validity: Hashable, Sendable, CustomStringConvertible {
    public let notBefore: Timestamp
    public let notAfter: Timestamp

    init(_ node: ASN1Node) throws(CertificateError) {
        var times = try DERElements(of: node, in: .validity)
        notBefore = try Timestamp(times.next())
        notAfter = try Timestamp(times.next())
        try times.finish()
    }

    /// Whether `time` lies inside.
    public func contains(_ time: Timestamp) -> Bool { notBefore <= time && time <= notAfter }

    public var description: String { "\(notBefore) to \(notAfter)" }
}

extension Timestamp {
    /// A UTCTime, or a GeneralizedTime without a fraction (RFC 5280, section 4.1.2.5).
    init(_ node: ASN1Node) throws(CertificateError) {
        if node.identifier == .utcTime {
            let time = try node.decoded(as: UTCTime.self, in: .validity)
            let moment = Timestamp(
                date: (time.year, time.month, time.day), time: (time.hours, time.minutes, time.seconds))
            guard let moment else { throw .unsupported(.validity) }
            self = moment
        } else {
            let time = try node.decoded(as: GeneralizedTime.self, in: .validity)
            let moment = Timestamp(
                date: (time.year, time.month, time.day), time: (time.hours, time.minutes, time.seconds))
            guard time.rawFractionalSeconds.isEmpty, let moment else { throw .unsupported(.validity) }
            self = moment
        }
    }
}
