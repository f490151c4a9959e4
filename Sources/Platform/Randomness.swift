package import Primitives

/// Bytes from the system's generator, which is cryptographic on every system that Swift supports.
package func randomBytes<let byteCount: Int>() -> FixedBytes<byteCount> {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    guard let value = FixedBytes<byteCount>(bytes) else { preconditionFailure("as many as were drawn") }
    return value
}
