package import Commitments

/// Reads a draft or an envelope.
package func readManifest(_ file: String) throws(CommandFailure) -> ManifestDocument {
    try readFile(file, maximumByteCount: ManifestDocument.maximumByteCount, as: ManifestDocument.init(decoding:))
}

/// Reads an envelope. A draft is refused as what it is.
package func readSignedManifest(_ file: String) throws(CommandFailure) -> SignedManifest {
    switch try readManifest(file) {
    case .signed(let signed): return signed
    case .draft: throw CommandFailure(UnsignedManifest(file: file), in: file)
    }
}

/// Reads an envelope that everyone has signed. Any other is refused, with the names that are missing.
package func readFullySignedManifest(_ file: String) throws(CommandFailure) -> FullySignedManifest {
    let envelope = try readSignedManifest(file)
    do {
        return try envelope.complete()
    } catch {
        throw CommandFailure(error, in: file)
    }
}

/// A draft where an envelope belongs.
private struct UnsignedManifest: CommandFault {
    let file: String

    var status: ExitStatus { .refused }
    var code: String { "manifest.unsigned" }
    var message: String { "nobody has signed this" }
    var hint: String? {
        "each participant signs it with `2cvm manifest sign \(file) --key NAME.key`; `2cvm manifest join` merges what "
            + "they send"
    }
}
