internal import SwiftASN1

/// The elements of one constructed DER node, taken in order. ``finish()`` refuses what is left.
struct DERElements {
    private var nodes: ASN1NodeCollection.Iterator
    private var upcoming: ASN1Node?
    private let part: CertificatePart

    init(
        of node: ASN1Node, as identifier: ASN1Identifier = .sequence, in part: CertificatePart
    ) throws(CertificateError) {
        guard node.identifier == identifier, case .constructed(let nodes) = node.content else {
            throw .malformed(part)
        }
        self.nodes = nodes.makeIterator()
        self.part = part
        upcoming = self.nodes.next()
    }

    mutating func next() throws(CertificateError) -> ASN1Node {
        guard let node = upcoming else { throw .malformed(part) }
        upcoming = nodes.next()
        return node
    }

    /// The next element when it has this identifier, as optional fields do.
    mutating func next(if identifier: ASN1Identifier) throws(CertificateError) -> ASN1Node? {
        guard upcoming?.identifier == identifier else { return nil }
        return try next()
    }

    var isAtEnd: Bool { upcoming == nil }

    func finish() throws(CertificateError) {
        guard isAtEnd else { throw .malformed(part) }
    }
}

extension ASN1Node {
    /// Parses one DER value with nothing after it.
    init(parsing der: [UInt8], in part: CertificatePart) throws(CertificateError) {
        do {
            self = try DER.parse(der)
        } catch {
            throw .malformed(part)
        }
    }

    func decoded<Value: DERParseable>(
        as type: Value.Type = Value.self, in part: CertificatePart
    ) throws(CertificateError) -> Value {
        do {
            return try Value(derEncoded: self)
        } catch {
            throw .malformed(part)
        }
    }

    /// The one element inside an explicit context tag.
    func unwrapped(in part: CertificatePart) throws(CertificateError) -> ASN1Node {
        var elements = try DERElements(of: self, as: identifier, in: part)
        let inner = try elements.next()
        try elements.finish()
        return inner
    }
}

extension ASN1Identifier {
    /// `[number]`, context-specific.
    static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}

extension ASN1ObjectIdentifier {
    /// Dotted, and cut: the bytes are hostile.
    var shortDescription: String { String(description.prefix(80)) }

    static let ecPublicKey: Self = [1, 2, 840, 10045, 2, 1]
    static let rsaEncryption: Self = [1, 2, 840, 113549, 1, 1, 1]
    static let mgf1: Self = [1, 2, 840, 113549, 1, 1, 8]
    static let rsassaPSS: Self = [1, 2, 840, 113549, 1, 1, 10]
    static let sha384: Self = [2, 16, 840, 1, 101, 3, 4, 2, 2]
    static let commonName: Self = [2, 5, 4, 3]
    static let keyUsage: Self = [2, 5, 29, 15]
    static let basicConstraints: Self = [2, 5, 29, 19]
}
