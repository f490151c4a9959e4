public import Primitives

/// Why an ID block or its authentication is refused. Offsets are hexadecimal, within the structure.
public enum IDBlockError: Error, Equatable, Sendable {
    case notBase64
    case wrongSize(found: Int, expected: Int)
    case unsupportedValue(field: String, offset: Int)
    case reservedNotZero(offset: Int)
    case wrongSignature(Signed)
    case unreadableKey
    case signingFailed

    /// What a signature is over.
    public enum Signed: String, Sendable {
        case block = "the ID key's signature over the ID block"
        case idKey = "the author key's signature over the ID key"
    }
}

extension IDBlockError: ExplainedError {
    public var code: String {
        switch self {
        case .notBase64: "evidence.id-block.base64"
        case .wrongSize: "evidence.id-block.size"
        case .unsupportedValue: "evidence.id-block.value"
        case .reservedNotZero: "evidence.id-block.reserved"
        case .wrongSignature: "evidence.id-block.signature"
        case .unreadableKey: "evidence.id-block.key"
        case .signingFailed: "evidence.id-block.signing"
        }
    }

    public var message: String {
        switch self {
        case .notBase64: "expected one line of base64"
        case .wrongSize(let found, let expected): "expected \(expected) bytes, found \(found)"
        case .unsupportedValue(let field, let offset):
            "\(field) at offset 0x\(String(offset, radix: 16)) has a value that this release does not know"
        case .reservedNotZero(let offset): "the reserved byte at offset 0x\(String(offset, radix: 16)) is not zero"
        case .wrongSignature(let signed): "\(signed.rawValue) does not fit"
        case .unreadableKey: "expected an ECDSA P-384 private key in PEM without a passphrase"
        case .signingFailed: "the key did not sign"
        }
    }

    public var hint: String? {
        switch self {
        case .wrongSignature(.block): "the block and the authentication may be of two different launches"
        case .unreadableKey: "make one with: 2cvm measure id-block key FILE"
        default: nil
        }
    }
}
