public import Keys
public import Primitives

/// A policy file as somebody handed it over: with signatures, or without.
///
/// A signature says whose rules they are. That it is there at all, only who demands one finds out: whoever can replace
/// the file can leave the signature away.
public struct PolicyDocument: Sendable {
    public let policy: PolicyFile
    /// Keys whose signatures hold, of those that were trusted; empty for a plain file.
    public let signers: Set<SigningPublicKey>

    public static let payloadType = PayloadType(
        name: "application/vnd.2cvm.policy+json", maximumByteCount: PolicyFile.maximumByteCount)
    /// Of either form.
    public static var maximumByteCount: Int { Envelope.maximumByteCount(of: payloadType) }

    /// Decodes a plain file, or an envelope all of whose signatures are by keys that are trusted.
    ///
    /// - Throws: ``EvidenceFileError``; ``EvidenceFileError/envelope(_:)`` for a signature by another key.
    public init(decoding bytes: [UInt8], trusting keys: [SigningPublicKey]) throws(EvidenceFileError) {
        guard let envelope = try Self.envelope(in: bytes) else {
            policy = try PolicyFile(decoding: bytes)
            signers = []
            return
        }
        let payload: VerifiedPayload
        do {
            payload = try envelope.verified(by: keys)
        } catch {
            throw .envelope(error)
        }
        policy = try PolicyFile(decoding: payload.bytes)
        // One policy has one digest, whoever wrote it down.
        guard SHA256Digest(sha256: payload.bytes) == policy.digest else { throw .notCanonical }
        signers = payload.signers
    }

    /// Signs a policy, or adds a signature to an envelope.
    ///
    /// - Parameters:
    ///   - bytes: a plain file or an envelope, whose signatures are not looked at.
    ///   - key: the signer's.
    /// - Returns: the envelope.
    public static func sign(_ bytes: [UInt8], by key: SigningKey) throws(EvidenceFileError) -> Envelope {
        if var envelope = try envelope(in: bytes) {
            _ = try PolicyFile(decoding: envelope.payload)
            let isFull = envelope.signatures.count >= Envelope.maximumSignatureCount
            guard !isFull || envelope.signatures.contains(where: { $0.keyID == key.publicKey }) else {
                throw .envelope(.tooManySignatures)
            }
            envelope.sign(by: key)
            return envelope
        }
        _ = try PolicyFile(decoding: bytes)
        do {
            let value = try JSONValue(parsing: bytes, maximumByteCount: PolicyFile.maximumByteCount)
            return Envelope(signing: value.canonicalBytes, as: payloadType, by: key)
        } catch {
            throw .json(error)
        }
    }

    /// `nil` where it is no envelope: then it is a plain file, or nothing.
    private static func envelope(in bytes: [UInt8]) throws(EvidenceFileError) -> Envelope? {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: maximumByteCount)
        } catch {
            throw .json(error)
        }
        guard case .object(let members) = value, members.contains(where: { $0.name == "payloadType" }) else {
            return nil
        }
        do {
            return try Envelope(decoding: bytes, as: payloadType)
        } catch {
            throw .envelope(error)
        }
    }
}

/// Which policies were used before, by the keys that signed them: an older one of a key whose newer one was used is
/// refused. Somebody who hands it over again may want back what a newer one closed.
public struct PolicyHistory: Equatable, Sendable {
    public static let maximumByteCount = 1 << 20

    private var newest: [SigningPublicKey: Timestamp] = [:]

    /// Nothing was used yet.
    public init() {}

    /// Decodes lines of `{"key", "date"}`, of which the newest date of each key counts.
    public init(decoding bytes: [UInt8]) throws(EvidenceFileError) {
        guard bytes.count <= Self.maximumByteCount else {
            throw .json(.tooLarge(found: bytes.count, maximum: Self.maximumByteCount))
        }
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            do throws(JSONShapeError) {
                let value: JSONValue
                do {
                    value = try JSONValue(parsing: Array(line), maximumByteCount: 4096)
                } catch {
                    throw .wrongForm(.root, expected: "a line of JSON")
                }
                var object = try JSONReader(value).object()
                let key = try object.required("key").signingPublicKey()
                let date = try object.parsed("date", as: "a date") { Timestamp($0) }
                try object.finish()
                newest[key] = max(newest[key] ?? date, date)
            } catch {
                throw .shape(error)
            }
        }
    }

    /// Takes policies that are used together.
    ///
    /// - Returns: the lines to add to the file.
    /// - Throws: ``PolicyHistoryError/older(_:of:newest:)``.
    public mutating func use(_ documents: [PolicyDocument]) throws(PolicyHistoryError) -> [UInt8] {
        for document in documents {
            for key in document.signers {
                if let known = newest[key], document.policy.date < known {
                    throw .older(document.policy, of: key, newest: known)
                }
            }
        }
        var lines: [UInt8] = []
        for document in documents {
            for key in document.signers.sorted(by: { $0.didKey < $1.didKey }) {
                guard newest[key].map({ $0 < document.policy.date }) ?? true else { continue }
                newest[key] = document.policy.date
                let line: JSONValue = [
                    "key": .string(key.didKey), "date": .string(document.policy.date.description),
                ]
                lines += line.canonicalBytes + [UInt8(ascii: "\n")]
            }
        }
        return lines
    }
}

/// Why a policy is not used.
public enum PolicyHistoryError: Error, Equatable, Sendable {
    case older(PolicyFile, of: SigningPublicKey, newest: Timestamp)
}

extension PolicyHistoryError: ExplainedError {
    public var code: String { "policy.older" }

    public var message: String {
        switch self {
        case .older(let policy, let key, let newest):
            "the policy \(policy.title) is older than one of \(newest.description.prefix(10)) that the same key signed "
                + "and you used: \(key.didKey)"
        }
    }

    public var hint: String? {
        "ask its author for the newest one; if you sign several files, give them one date"
    }
}
