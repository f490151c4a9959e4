extension JSONValue {
    /// Bytes in base64 with padding.
    public static func base64(_ bytes: [UInt8]) -> JSONValue {
        .string(Base64.standard.encode(bytes))
    }
}

extension JSONReader {
    /// Bytes in base64 with padding.
    public func base64(maximumByteCount: Int) throws(JSONShapeError) -> [UInt8] {
        let bytes = try parsed(
            as: "base64 with padding, on one line", maximumByteCount: (maximumByteCount + 2) / 3 * 4,
            Base64.standard.decode)
        guard bytes.count <= maximumByteCount else {
            throw .tooLong(path, found: bytes.count, maximum: maximumByteCount)
        }
        return bytes
    }
}
