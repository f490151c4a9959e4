package import Platform

/// One participant's finished stream, as ciphertext. Readable for as long as this value lives.
package struct SealedOutputs: Sendable {
    package let file: RegularFile

    /// Bytes of the stream: the same whether the run completed or failed.
    package var byteCount: Int { file.byteCount }
}
