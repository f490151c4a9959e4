internal import Primitives

/// Terms as they lie in a file: a draft, or an envelope with signatures.
public enum AgreementDocument<Terms: Agreement>: Equatable, Sendable {
    case draft(Terms)
    case signed(SignedAgreement<Terms>)

    /// The largest of either.
    public static var maximumByteCount: Int { SignedAgreement<Terms>.maximumByteCount }

    /// Decodes either, told apart by the envelope's key `payloadType`.
    public init(decoding bytes: [UInt8]) throws(AgreementError<Terms>) {
        if Self.isEnvelope(bytes) {
            self = .signed(try SignedAgreement(decoding: bytes))
        } else {
            do {
                self = .draft(try Terms(decoding: bytes))
            } catch {
                throw .terms(error)
            }
        }
    }

    /// Bytes that are not JSON are a draft, which says so in its own words.
    private static func isEnvelope(_ bytes: [UInt8]) -> Bool {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: maximumByteCount),
            case .object(let members) = value
        else { return false }
        return members.contains { $0.name.hasSameBytes(as: "payloadType") }
    }

    /// What the file holds, signed or not.
    public var terms: Terms {
        switch self {
        case .draft(let terms): terms
        case .signed(let signed): signed.terms
        }
    }

    /// Who signed, in the terms' order.
    public var signers: [Name] {
        switch self {
        case .draft: []
        case .signed(let signed): signed.signers
        }
    }

    /// Who has not signed yet, in the terms' order.
    public var missingSigners: [Name] {
        switch self {
        case .draft(let terms): terms.signatories.map(\.name)
        case .signed(let signed): signed.missingSigners
        }
    }
}
