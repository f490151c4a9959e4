internal import Crypto
internal import CryptoExtras
internal import Evidence
internal import SwiftASN1

/// A certificate to be signed (RFC 5280, section 4.1), in the profile that AMD writes.
struct CertificateRecipe {
    var serialNumber: Int
    var issuer: String
    var subject: String
    var validity: ClosedRange<Timestamp>
    /// DER.
    var subjectPublicKeyInfo: [UInt8]
    var extensions: [Extension]

    struct Extension {
        var identifier: ASN1ObjectIdentifier
        var isCritical = false
        var value: [UInt8]
    }

    func signed(by key: _RSA.Signing.PrivateKey) throws(SimulationError) -> [UInt8] {
        let content = try encoding { serializer in
            try serializer.appendConstructedNode(identifier: .sequence) { fields in
                try fields.appendConstructedNode(identifier: .context(0)) { try $0.serialize(2) }
                try fields.serialize(serialNumber)
                try fields.appendPSSAlgorithm()
                try fields.appendName(issuer)
                fields.appendConstructedNode(identifier: .sequence) { times in
                    times.appendTime(validity.lowerBound)
                    times.appendTime(validity.upperBound)
                }
                try fields.appendName(subject)
                fields.serializeRawBytes(subjectPublicKeyInfo)
                try fields.appendConstructedNode(identifier: .context(3)) { tagged in
                    try tagged.appendConstructedNode(identifier: .sequence) { list in
                        for item in extensions { try list.append(item) }
                    }
                }
            }
        }
        return try signedDocument(content, by: key)
    }
}

/// A revocation list to be signed (RFC 5280, section 5.1).
struct RevocationRecipe {
    var issuer: String
    var updates: ClosedRange<Timestamp>
    var revoked: [[UInt8]]

    func signed(by key: _RSA.Signing.PrivateKey) throws(SimulationError) -> [UInt8] {
        let content = try encoding { serializer in
            try serializer.appendConstructedNode(identifier: .sequence) { fields in
                try fields.serialize(1)
                try fields.appendPSSAlgorithm()
                try fields.appendName(issuer)
                fields.appendTime(updates.lowerBound)
                fields.appendTime(updates.upperBound)
                if !revoked.isEmpty {
                    fields.appendConstructedNode(identifier: .sequence) { list in
                        for serialNumber in revoked {
                            list.appendConstructedNode(identifier: .sequence) { entry in
                                entry.appendPrimitiveNode(identifier: .integer) { $0 += serialNumber }
                                entry.appendTime(updates.lowerBound)
                            }
                        }
                    }
                }
            }
        }
        return try signedDocument(content, by: key)
    }
}

func encoding(
    _ body: (inout DER.Serializer) throws -> Void
) throws(SimulationError) -> [UInt8] {
    var serializer = DER.Serializer()
    do {
        try body(&serializer)
    } catch {
        throw .encodingFailed
    }
    return serializer.serializedBytes
}

/// Content, algorithm, signature.
private func signedDocument(
    _ content: [UInt8], by key: _RSA.Signing.PrivateKey
) throws(SimulationError) -> [UInt8] {
    let signature: [UInt8]
    do {
        signature = Array(try key.signature(for: SHA384.hash(data: content), padding: .PSS).rawRepresentation)
    } catch {
        throw .signingFailed
    }
    return try encoding { serializer in
        try serializer.appendConstructedNode(identifier: .sequence) { document in
            document.serializeRawBytes(content)
            try document.appendPSSAlgorithm()
            try document.serialize(ASN1BitString(bytes: signature[...]))
        }
    }
}

extension DER.Serializer {
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384 and 48 bytes of salt (RFC 4055).
    fileprivate mutating func appendPSSAlgorithm() throws {
        let sha384: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 2]
        func appendHash(_ serializer: inout DER.Serializer) throws {
            try serializer.appendConstructedNode(identifier: .sequence) {
                try $0.serialize(sha384)
                try $0.serialize(ASN1Null())
            }
        }
        try appendConstructedNode(identifier: .sequence) { algorithm in
            try algorithm.serialize([1, 2, 840, 113549, 1, 1, 10] as ASN1ObjectIdentifier)
            try algorithm.appendConstructedNode(identifier: .sequence) { parameters in
                try parameters.appendConstructedNode(identifier: .context(0)) { try appendHash(&$0) }
                try parameters.appendConstructedNode(identifier: .context(1)) { tagged in
                    try tagged.appendConstructedNode(identifier: .sequence) {
                        try $0.serialize([1, 2, 840, 113549, 1, 1, 8] as ASN1ObjectIdentifier)
                        try appendHash(&$0)
                    }
                }
                try parameters.appendConstructedNode(identifier: .context(2)) { try $0.serialize(48) }
            }
        }
    }

    /// An organisation that nobody takes for AMD, and the common name.
    fileprivate mutating func appendName(_ commonName: String) throws {
        let attributes: [(ASN1ObjectIdentifier, String)] = [
            ([2, 5, 4, 11], "Simulation"), ([2, 5, 4, 10], "2cVM simulated platform: protects nothing"),
            ([2, 5, 4, 3], commonName),
        ]
        try appendConstructedNode(identifier: .sequence) { name in
            for (identifier, text) in attributes {
                try name.appendConstructedNode(identifier: .set) { set in
                    try set.appendConstructedNode(identifier: .sequence) {
                        try $0.serialize(identifier)
                        try $0.serialize(ASN1UTF8String(text))
                    }
                }
            }
        }
    }

    /// UTCTime until 2049, GeneralizedTime after (RFC 5280, section 4.1.2.5).
    fileprivate mutating func appendTime(_ time: Timestamp) {
        let text = time.description
        let digits = Array(text.utf8.filter { 0x30...0x39 ~= $0 }) + [UInt8(ascii: "Z")]
        if text < "2050" {
            appendPrimitiveNode(identifier: .utcTime) { $0 += digits.dropFirst(2) }
        } else {
            appendPrimitiveNode(identifier: .generalizedTime) { $0 += digits }
        }
    }

    fileprivate mutating func append(_ item: CertificateRecipe.Extension) throws {
        try appendConstructedNode(identifier: .sequence) { entry in
            try entry.serialize(item.identifier)
            if item.isCritical { try entry.serialize(true) }
            try entry.serialize(ASN1OctetString(contentBytes: item.value[...]))
        }
    }
}

extension ASN1Identifier {
    /// `[number]`, context-specific.
    fileprivate static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}
