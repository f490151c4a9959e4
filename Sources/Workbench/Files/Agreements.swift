package import Commitments
package import Keys
package import Primitives

// Manifests and plans as files: drafts, envelopes, and who may sign.

/// Reads a draft or an envelope.
package func readAgreement<Terms: Agreement>(
    _ file: String
) throws(CommandFailure) -> AgreementDocument<Terms> where Terms.Fault: CommandFault {
    try readFile(
        file, maximumByteCount: AgreementDocument<Terms>.maximumByteCount,
        as: AgreementDocument<Terms>.init(decoding:))
}

/// Reads an envelope. A draft is refused as what it is.
package func readSigned<Terms: Agreement>(
    _ file: String
) throws(CommandFailure) -> SignedAgreement<Terms> where Terms.Fault: CommandFault {
    let document: AgreementDocument<Terms> = try readAgreement(file)
    switch document {
    case .signed(let signed): return signed
    case .draft: throw CommandFailure(Unsigned(word: Terms.word, file: file), in: file)
    }
}

/// Reads a manifest: a draft or an envelope.
package func readManifest(_ file: String) throws(CommandFailure) -> ManifestDocument {
    try readAgreement(file)
}

/// Reads an envelope that everyone has signed. Any other is refused, with the names that are missing.
package func readFullySignedManifest(_ file: String) throws(CommandFailure) -> FullySignedManifest {
    let envelope: SignedManifest = try readSigned(file)
    do {
        return try envelope.complete()
    } catch {
        throw CommandFailure(error, in: file)
    }
}

/// Merges the signatures of several envelopes of the same terms.
package func joinedEnvelopes<Terms: Agreement>(
    _ files: [String]
) throws(CommandFailure) -> SignedAgreement<Terms> where Terms.Fault: CommandFault {
    var joined: SignedAgreement<Terms> = try readSigned(files[0])
    for file in files.dropFirst() {
        let other: SignedAgreement<Terms> = try readSigned(file)
        do {
            try joined.join(other)
        } catch {
            throw CommandFailure(error, in: file)
        }
    }
    return joined
}

/// Names, for machines.
package func jsonNames(_ names: some Sequence<Name>) -> JSONValue { .array(names.map { .string($0.description) }) }

/// Who signed and who did not, for machines.
package func jsonSigners(_ signers: [Name], missing: [Name]) -> [JSONMember] {
    [JSONMember("signers", jsonNames(signers)), JSONMember("missingSigners", jsonNames(missing))]
}

/// Says what an envelope that was written has and lacks.
///
/// - Parameters:
///   - signed: The envelope.
///   - path: Where it lies.
///   - json: Whether a machine reads it.
///   - more: What else a machine is told.
package func reportEnvelope<Terms>(
    _ signed: SignedAgreement<Terms>, _ path: String, json: Bool, more: [JSONMember] = []
) {
    if json {
        let start = [JSONMember("file", .string(path)), JSONMember("digest", .string(signed.terms.digest.prefixed))]
        return printJSON(.object(start + jsonSigners(signed.signers, missing: signed.missingSigners) + more))
    }
    print("wrote \(path), with \(signed.signers.count) of \(signed.terms.signatories.count) signatures")
    if !signed.missingSigners.isEmpty {
        print("missing: \(signed.missingSigners.map(\.description).joined(separator: ", "))")
    }
}

/// `manifest.json` signed by hospital-a becomes `manifest.hospital-a.json`.
package func envelopeName(of file: String, _ signer: Name) -> String {
    let stem = file.hasSuffix(".json") ? String(file.dropLast(".json".count)) : file
    return "\(stem).\(signer).json"
}

extension AgreementDocument where Terms.Fault: CommandFault {
    /// The participant who signs with these keys, where nothing stands against it.
    ///
    /// - Parameters:
    ///   - keys: The signer's own.
    ///   - file: The document's, for errors.
    /// - Throws: ``CommandFailure`` where nobody has these keys, where the entry is not what they say, and while
    ///   another participant's key is not in the address book: else a proposer could invent the others.
    package func signer(holding keys: PrivateKeys, in file: String) throws(CommandFailure) -> Participant {
        guard let entry = terms.participant(signingWith: keys.signing.publicKey) else {
            throw CommandFailure(AgreementError<Terms>.notAParticipant(keys.signing.publicKey), in: file)
        }
        guard entry.sealingKey == keys.sealing.publicKey else {
            throw CommandFailure(CommandError.ownEntryDiffers(entry.name), in: file)
        }
        try requireKnownKeys(besides: entry, in: file)
        return entry
    }

    private func requireKnownKeys(besides signer: Participant, in file: String) throws(CommandFailure) {
        let book = try Home().addressBook()
        var names: [String] = []
        var steps: [String] = []
        for participant in terms.signatories where participant.name != signer.name {
            switch book.standing(of: participant) {
            case .trusted: continue
            case .unknown:
                names.append(participant.name.description)
                steps.append("`2cvm key trust \(participant.name) \(participant.signingKey.didKey)`")
            case .contradicted(let known):
                names.append("\(participant.name) (you know it under another key, \(known.fingerprint))")
                steps.append("ask \(participant.name) whether its key was replaced")
            }
        }
        guard names.isEmpty else {
            let hint = "compare each fingerprint with its owner, then " + steps.joined(separator: ", ")
            throw CommandFailure(CommandError.keysUnknown(names, hint: hint), in: file)
        }
    }

    /// The first signature of a draft, or one more of an envelope.
    package func signed(by key: SigningKey, in file: String) throws(CommandFailure) -> SignedAgreement<Terms> {
        do {
            switch self {
            case .draft(let terms): return try SignedAgreement(signing: terms, by: key)
            case .signed(var signed):
                try signed.sign(by: key)
                return signed
            }
        } catch {
            throw CommandFailure(error, in: file)
        }
    }
}

/// A draft where an envelope belongs.
private struct Unsigned: CommandFault {
    let word: String
    let file: String

    var status: ExitStatus { .refused }
    var code: String { "\(word).unsigned" }
    var message: String { "nobody has signed this" }
    var hint: String? {
        "each participant signs it with `2cvm \(word) sign \(file) --key NAME.key`; `2cvm \(word) join` merges what "
            + "they send"
    }
}
