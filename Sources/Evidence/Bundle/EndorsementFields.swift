internal import Commitments
internal import Keys
package import Primitives

/// The members of endorsements as JSON, with their shapes verified and their bytes still encoded: a part of a bundle,
/// and what an operator hands to an agent.
package struct EndorsementFields {
    private let vcek: Encoded?
    private let vlek: Encoded?
    private let ask: Encoded?
    private let ark: Encoded?
    private let revocationList: Encoded?

    /// DER, and where it stood.
    private struct Encoded {
        let path: JSONPath
        let bytes: [UInt8]

        init?(_ reader: JSONReader?, maximumByteCount: Int = Certificate.maximumByteCount) throws(JSONShapeError) {
            guard let reader else { return nil }
            path = reader.path
            bytes = try reader.base64(maximumByteCount: maximumByteCount)
        }
    }

    /// Reads the object `certificates` to its end, and the value of `revocationList`.
    package init(certificates: consuming JSONObjectReader?, list: JSONReader?) throws(JSONShapeError) {
        vcek = try Encoded(certificates?.optional("vcek"))
        vlek = try Encoded(certificates?.optional("vlek"))
        ask = try Encoded(certificates?.optional("ask"))
        ark = try Encoded(certificates?.optional("ark"))
        revocationList = try Encoded(list, maximumByteCount: RevocationList.maximumByteCount)
        guard let certificates else { return }
        try certificates.finish()
        guard vcek == nil || vlek == nil else { throw .unknownName(certificates.path.appending("vlek")) }
    }

    /// - Throws: ``EvidenceFileError/certificate(_:_:)``.
    package func decoded() throws(EvidenceFileError) -> Endorsements {
        Endorsements(
            leaf: try leaf(), intermediate: try certificate(ask), root: try certificate(ark),
            revocationList: try list())
    }

    private func leaf() throws(EvidenceFileError) -> EndorsementCertificate? {
        guard let encoded = vcek ?? vlek else { return nil }
        do throws(CertificateError) {
            let leaf = try EndorsementCertificate(decoding: encoded.bytes)
            guard (leaf.key.kind == .vcek) == (vcek != nil) else {
                throw .strayExtension(vcek == nil ? .hardwareID : .provider)
            }
            return leaf
        } catch {
            throw .certificate(encoded.path, error)
        }
    }

    private func certificate(_ encoded: Encoded?) throws(EvidenceFileError) -> Certificate? {
        guard let encoded else { return nil }
        do {
            return try Certificate(decoding: encoded.bytes)
        } catch {
            throw .certificate(encoded.path, error)
        }
    }

    private func list() throws(EvidenceFileError) -> RevocationList? {
        guard let encoded = revocationList else { return nil }
        do {
            return try RevocationList(decoding: encoded.bytes)
        } catch {
            throw .certificate(encoded.path, error)
        }
    }
}

extension Endorsements {
    /// The JSON members that ``EndorsementFields`` reads.
    package var members: [JSONMember] {
        var certificates: [JSONMember] = []
        if let leaf {
            certificates.append(JSONMember(leaf.key.kind.rawValue, .base64(leaf.certificate.encoded)))
        }
        if let intermediate { certificates.append(JSONMember("ask", .base64(intermediate.encoded))) }
        if let root { certificates.append(JSONMember("ark", .base64(root.encoded))) }
        var members = [JSONMember("certificates", .object(certificates))]
        if let list = revocationList {
            members.append(JSONMember("revocationList", .base64(list.encoded)))
        }
        return members
    }
}
