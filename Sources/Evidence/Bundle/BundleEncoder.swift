internal import Keys
internal import Primitives

/// Writes bundles of one session and one set of endorsements, each in three parts.
///
/// Certificates and keys are most of a bundle and stay the same for hours; the report changes with each tree of
/// nonces, the answer with each verifier. What stays the same is encoded once.
public struct BundleEncoder: Sendable {
    private let endorsements: [UInt8]
    /// What stands behind the answer.
    public let tail: [UInt8]

    /// Encodes what stays the same.
    public init(endorsements: Endorsements, session: SessionClaim) {
        self.endorsements = JSONValue.indentedMembers(endorsements.members)
        let claim: [JSONMember] = [
            JSONMember("manifestDigest", .string(session.bound.description)),
            JSONMember(
                "session",
                [
                    "sealingKey": .base64(session.keys.sealing.rawRepresentation.bytes),
                    "signingKey": .base64(session.keys.signing.rawRepresentation.bytes),
                ]),
        ]
        tail = Array(",".utf8) + JSONValue.indentedMembers(claim) + Array("\n}\n".utf8)
    }

    /// What stands before the answer.
    public func head(for report: AttestationReport) -> [UInt8] {
        let members = JSONValue.indentedMembers([
            JSONMember("version", 1), JSONMember("report", .base64(report.encoded)),
        ])
        return Array("{".utf8) + members + Array(",".utf8) + endorsements + Array(",".utf8)
    }

    /// The members `nonce` and `noncePath`.
    public static func answer(_ answer: NonceAnswer) -> [UInt8] {
        let path = answer.path
        return JSONValue.indentedMembers([
            JSONMember("nonce", .string(answer.nonce.description)),
            JSONMember(
                "noncePath",
                [
                    "index": .integer(path.index), "size": .integer(path.size),
                    "hashes": .array(path.hashes.map { .string($0.description) }),
                ]),
        ])
    }
}
