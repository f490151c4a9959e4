internal import Commitments
internal import Keys
package import Platform
internal import Sealing

/// One participant's finished stream, as ciphertext. Readable for as long as this value lives.
package struct SealedOutputs: Sendable {
    package let file: RegularFile

    /// Bytes of the stream: the same whether the run completed or failed.
    package var byteCount: Int { file.byteCount }
}

extension SessionFolder {
    /// Seals content to one key, in one file: the whole of it, or nothing.
    ///
    /// - Parameter header: its length is filled up with zeros. What is longer is not cut.
    func seal(
        _ content: OutputsContent, to recipient: SealingPublicKey, as header: StreamHeader, signedBy key: SigningKey
    ) throws -> SealedOutputs {
        var sealer = try StreamSealer(to: recipient, header: header, signedBy: key)
        var content = content
        let length = StreamFormat.streamByteCount(ofContent: header.length)
        let file = try keep(maximumBytes: length) { file in
            try file.append(sealer.prologue)
            while let count = sealer.nextContentByteCount {
                try file.append(try sealer.seal(try content.read(count)))
            }
            guard content.isAtPadding else { throw ContentTooLarge() }
        }
        return SealedOutputs(file: file)
    }

    /// More than the manifest lets a content be.
    private struct ContentTooLarge: Error {}
}
