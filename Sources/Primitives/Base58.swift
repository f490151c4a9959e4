/// base58btc: the alphabet of did:key, without characters that look alike.
///
/// The work grows with the square of the length, so decoding is bounded.
public enum Base58 {
    /// Encodes `bytes`; each leading zero byte becomes a `1`.
    ///
    /// - Precondition: at most 128 bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count <= 128, "base58 is for short identifiers")
        var digits: [UInt8] = []
        for byte in bytes {
            var carry = Int(byte)
            for index in digits.indices {
                carry += Int(digits[index]) << 8
                digits[index] = UInt8(carry % 58)
                carry /= 58
            }
            while carry > 0 {
                digits.append(UInt8(carry % 58))
                carry /= 58
            }
        }
        let zeros = repeatElement(UInt8(0), count: bytes.prefix { $0 == 0 }.count)
        return String(decoding: (zeros + digits.reversed()).map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// Decodes at most `maximumDigitCount` digits, or returns `nil`.
    public static func decode(_ text: some StringProtocol, maximumDigitCount: Int = 128) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count <= maximumDigitCount else { return nil }
        var bytes: [UInt8] = []
        for digit in digits {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            var carry = value
            for index in bytes.indices {
                carry += Int(bytes[index]) * 58
                bytes[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            while carry > 0 {
                bytes.append(UInt8(truncatingIfNeeded: carry))
                carry >>= 8
            }
        }
        let zeros = repeatElement(UInt8(0), count: digits.prefix { $0 == alphabet[0] }.count)
        return zeros + bytes.reversed()
    }

    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
}
