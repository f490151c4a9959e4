internal import Primitives

/// Curve25519 points that no honest key is: of small order, or not reduced modulo 2^255 - 19.
///
/// For a public key of small order anyone can make a signature, and X25519 with one gives zero.
enum WeakPoints {
    /// Ed25519: the y coordinate in 255 bits, little-endian, the sign of x in the last bit.
    static func areEdwards(_ point: FixedBytes<32>) -> Bool {
        let y = withoutLastBit(point)
        return !isReduced(y) || [zero, one, minusOne, edwardsOrder8a, edwardsOrder8b].contains(y)
    }

    /// X25519: the u coordinate, whose last bit RFC 7748 ignores; set, it is a second spelling.
    static func areMontgomery(_ point: FixedBytes<32>) -> Bool {
        let u = withoutLastBit(point)
        return u != point.bytes || !isReduced(u)
            || [zero, one, minusOne, montgomeryOrder8a, montgomeryOrder8b].contains(u)
    }

    private static func withoutLastBit(_ point: FixedBytes<32>) -> [UInt8] {
        var bytes = point.bytes
        bytes[31] &= 0x7F
        return bytes
    }

    /// Below 2^255 - 19, whose bytes are ed, ff thirty times, 7f.
    private static func isReduced(_ bytes: [UInt8]) -> Bool {
        bytes[0] < 0xED || bytes[31] != 0x7F || bytes[1..<31].contains { $0 != 0xFF }
    }

    private static let zero = [UInt8](repeating: 0, count: 32)
    private static let one = [1] + [UInt8](repeating: 0, count: 31)
    private static let minusOne = [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    private static let edwardsOrder8a = bytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
    private static let edwardsOrder8b = bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
    private static let montgomeryOrder8a = bytes("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
    private static let montgomeryOrder8b = bytes("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")

    private static func bytes(_ hex: StaticString) -> [UInt8] {
        guard let bytes = [UInt8](hex: hex.description) else { preconditionFailure("a constant is not hexadecimal") }
        return bytes
    }
}
