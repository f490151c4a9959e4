/// Just enough DER to write certificates, good and bad ones.
enum TestDER {
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 0x80 { return [tag, UInt8(count)] + content }
        if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
        return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + content
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap(\.self)) }

    static func explicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { element(0xA0 | number, content) }

    /// An unsigned number up to 255, or bytes as they are.
    static func integer(_ value: UInt8) -> [UInt8] { element(0x02, value < 0x80 ? [value] : [0, value]) }
    static func integer(bytes: [UInt8]) -> [UInt8] { element(0x02, bytes) }

    static func octets(_ bytes: [UInt8]) -> [UInt8] { element(0x04, bytes) }
    static func bits(_ bytes: [UInt8], padding: UInt8 = 0) -> [UInt8] { element(0x03, [padding] + bytes) }
    static func utf8(_ text: String) -> [UInt8] { element(0x0C, Array(text.utf8)) }
    static func ia5(_ text: String) -> [UInt8] { element(0x16, Array(text.utf8)) }
    static func utcTime(_ text: String) -> [UInt8] { element(0x17, Array(text.utf8)) }
    static let null: [UInt8] = [0x05, 0x00]
    static let yes: [UInt8] = [0x01, 0x01, 0xFF]

    static func oid(_ text: String) -> [UInt8] {
        let arcs = text.split(separator: ".").compactMap { UInt64($0) }
        var content = base128(arcs[0] * 40 + arcs[1])
        for arc in arcs.dropFirst(2) { content += base128(arc) }
        return element(0x06, content)
    }

    private static func base128(_ value: UInt64) -> [UInt8] {
        var digits = [UInt8(value & 0x7F)]
        var rest = value >> 7
        while rest > 0 {
            digits.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return digits
    }

    static func name(_ commonName: String) -> [UInt8] {
        let attributes = [("2.5.4.10", "Test Platforms"), ("2.5.4.3", commonName)]
        return element(
            0x30, attributes.flatMap { element(0x31, sequence(oid($0.0), utf8($0.1))) })
    }

    /// RSASSA-PSS with the parameters that AMD uses, in either of the encodings.
    static func pss(
        hash: String = "2.16.840.1.101.3.4.2.2", salt: UInt8 = 48, trailer: UInt8? = nil
    ) -> [UInt8] {
        let hashAlgorithm = sequence(oid(hash), null)
        let trailerField = trailer.map { explicit(3, integer($0)) } ?? []
        return sequence(
            oid("1.2.840.113549.1.1.10"),
            sequence(
                explicit(0, hashAlgorithm), explicit(1, sequence(oid("1.2.840.113549.1.1.8"), hashAlgorithm)),
                explicit(2, integer(salt)), trailerField))
    }
}
