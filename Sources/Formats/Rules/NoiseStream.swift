internal import Crypto
public import Primitives

/// What an output's noise is drawn from: secret, and the same whenever the run's inputs are the same, so that nobody
/// averages the noise away by running the same again.
public struct NoiseKey: Sendable {
    private let key: SymmetricKey

    /// - Parameter bytes: derived from the salts and commitments of the run's slots, the output's name and the run.
    public init(_ bytes: FixedBytes<32>) {
        key = SymmetricKey(data: bytes.bytes)
    }

    /// The stream of one column: blocks HMAC-SHA256(column's key, 8 bytes of a big-endian count), where the column's
    /// key is HMAC-SHA256(key, name). Columns stay apart, and their order in the rules says nothing.
    package func stream(ofColumn name: String) -> NoiseStream {
        NoiseStream(key: SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(name.utf8), using: key)))
    }
}

/// Uniform 64-bit numbers of one column.
package struct NoiseStream {
    private let key: SymmetricKey
    private var block: [UInt8] = []
    private var offset = 0
    private var blockCount: UInt64 = 0

    init(key: SymmetricKey) {
        self.key = key
    }

    mutating func next() -> UInt64 {
        if offset == block.count {
            let count = (0..<8).map { UInt8(truncatingIfNeeded: blockCount >> UInt64(56 - 8 * $0)) }
            block = Array(HMAC<SHA256>.authenticationCode(for: count, using: key))
            blockCount += 1
            offset = 0
        }
        var value: UInt64 = 0
        for index in 0..<8 { value = value << 8 | UInt64(block[offset + index]) }
        offset += 8
        return value
    }

    /// Uniform below `bound`: numbers past its greatest multiple are drawn again, so none is likelier.
    mutating func next(below bound: UInt64) -> UInt64 {
        let excess = (UInt64.max % bound + 1) % bound
        while true {
            let value = next()
            if value <= UInt64.max - excess { return value % bound }
        }
    }
}
