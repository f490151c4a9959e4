import Commitments
import Formats
import Keys
import Primitives

extension Target {
    /// Texts and the forms of bytes in them.
    static let forms: [Target] = [
        Target("json", .json, seeds: { jsonSeeds }) { bytes in json(bytes) },
        Target("codes") { bytes in codes(bytes) },
        Target("names") { bytes in names(String(decoding: bytes, as: UTF8.self)) },
    ]

    private static let jsonSeeds: [[UInt8]] = [
        #"{"b":[1,-0,1e3,0.1,1E-7,123456789012345680000,5e-324],"a":{"é":"\u20ac\ud83d\ude00","":null}}"#,
        "[true,false,null,\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",9007199254740991,-9007199254740991,9007199254740992]",
        "  [ ]  ", "{}", "0",
    ].map { Array($0.utf8) }

    /// Every text has one canonical form, which reads as the same value, as does the form for people.
    private static func json(_ bytes: [UInt8]) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, maximumByteCount: 1 << 16)
        } catch {
            claim(error.offset ?? 0 <= bytes.count, "an offset lies inside")
            if let offset = error.offset { claim(TextPosition(of: offset, in: bytes).line >= 1, "lines count from 1") }
            return
        }
        let canonical = value.canonicalBytes
        for form in [canonical, value.indentedBytes] {
            let again = made("a form that is written is read") {
                try JSONValue(parsing: form, maximumByteCount: 1 << 22)
            }
            claim(again.canonicalBytes == canonical, "there is one canonical form")
        }
        claim(value == value, "a value is itself")
    }

    /// Each spelling of bytes is the only one.
    private static func codes(_ bytes: [UInt8]) {
        for base in [Base64.standard, .urlUnpadded] {
            claim(base.decode(base.encode(bytes)) == bytes, "base64 gives back")
            let text = String(decoding: bytes, as: UTF8.self)
            if let decoded = base.decode(text) {
                claim(base.encode(decoded).hasSameBytes(as: text), "base64 has one spelling")
            }
        }
        let short = Array(bytes.prefix(90))
        claim(Base58.decode(Base58.encode(short)) == short, "base58 gives back")
        let text = String(decoding: short, as: UTF8.self)
        if let decoded = Base58.decode(text) {
            claim(Base58.encode(decoded).hasSameBytes(as: text), "base58 has one spelling")
        }
        claim(bytes.count != 32 || FixedBytes<32>(hex: bytes.hex)?.bytes == bytes, "hexadecimal digits give back")
    }

    /// What names something is spelled as it was read, and what strangers wrote is shown.
    private static func names(_ text: String) {
        if let key = SigningPublicKey(didKey: text) { claim(key.didKey.hasSameBytes(as: text), "a key's one spelling") }
        if let key = SealingPublicKey(text: text) { claim(key.text.hasSameBytes(as: text), "a key's one spelling") }
        if let name = Name(text) { claim(name.description.hasSameBytes(as: text), "a name's one spelling") }
        if let path = GuestPath(text) {
            claim(path.description.hasSameBytes(as: text) && path.overlaps(path), "a path's one spelling")
        }
        if let name = InterfaceName(text) { claim(name.description.hasSameBytes(as: text), "an interface's spelling") }
        if let digest = SHA256Digest(prefixed: text) { claim(digest.prefixed.hasSameBytes(as: text), "a digest's") }
        if let shown = ForeignText(text) {
            for line in shown.lines(columns: 40) { claimShown(line, "foreign text") }
        }
        for columns in [1, 7, 40] {
            for line in ForeignText(escaping: text).lines(columns: columns) { claimShown(line, "escaped text") }
        }
    }
}
