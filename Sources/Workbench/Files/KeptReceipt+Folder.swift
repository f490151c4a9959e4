internal import Client
package import Commitments
package import Evidence
internal import Keys
internal import Lifecycle
internal import Platform
internal import Primitives
package import Verification

extension KeptReceipt {
    /// Verifies what `2cvm fetch` left in a folder.
    ///
    /// - Parameters:
    ///   - folder: as it was left, outputs perhaps taken out of it.
    ///   - manifest: what everyone signed.
    ///   - verifier: the reader's own.
    ///   - isAsOfRecord: whether to judge as of the record's time, and not as of the verifier's.
    package init(
        _ folder: String, under manifest: Manifest, by verifier: Verifier, asOfRecord isAsOfRecord: Bool
    ) throws(CommandFailure) {
        var memory = EndorsementMemory()
        try self.init(
            folder, under: manifest, by: verifier, asOfRecord: isAsOfRecord, remembering: &memory)
    }

    /// The same among many folders whose evidence has few chains.
    package init(
        _ folder: String, under manifest: Manifest, by verifier: Verifier, asOfRecord isAsOfRecord: Bool,
        remembering memory: inout EndorsementMemory
    ) throws(CommandFailure) {
        let recordPath = "\(folder)/\(OutputFiles.appraisal)"
        let bytes = try readFile(recordPath, maximumByteCount: 2 * AppraisalRecord.payloadType.maximumByteCount)
        let (record, signer): (AppraisalRecord, Participant)
        do {
            (record, signer) = try AppraisalRecord.verified(bytes, under: manifest)
        } catch {
            throw CommandFailure(error, in: recordPath)
        }
        var verifier = verifier
        if isAsOfRecord { verifier.time = record.time }
        // What the record was judged with counts for the evidence beside the receipt too.
        if let list = record.bundle.endorsements.revocationList { verifier.revocationLists.append(list) }
        var bundle = try readBundle("\(folder)/\(OutputFiles.evidence)")
        bundle.endorsements = bundle.endorsements.completed(from: record.bundle.endorsements)
        let file = try readFile(
            "\(folder)/\(OutputFiles.receipt)", maximumByteCount: 2 * Receipt.payloadType.maximumByteCount)
        let receipt: VerifiedReceipt
        do {
            let session = try record.appraised(under: manifest, by: verifier, remembering: &memory)
            receipt = try VerifiedReceipt(
                file, beside: bundle, of: session, under: manifest, by: verifier, remembering: &memory)
        } catch {
            throw CommandFailure(error, in: folder, at: verifier.time)
        }
        let contents = try Self.outputs(in: folder, comparedWith: receipt.receipt)
        self.init(receipt, record: record, signer: signer, contents: contents, at: verifier.time)
    }

    private static func outputs(
        in folder: String, comparedWith receipt: Receipt
    ) throws(CommandFailure) -> [Name: SHA256Digest] {
        // Without a salt nothing can be compared: an output that lies here without one is refused, not passed over.
        var salts: [Name: FixedBytes<32>] = [:]
        let saltsPath = "\(folder)/\(OutputFiles.salts)"
        if NamedFile.exists(saltsPath) {
            salts = try readFile(
                saltsPath, maximumByteCount: SaltsFile.maximumByteCount, as: SaltsFile.init(decoding:)
            ).salts
        }
        guard Set(salts.keys).isSubset(of: receipt.outputs.map(\.name)) else {
            throw CommandFailure(
                OutputsError.record("\(OutputFiles.salts) names what the receipt does not"), in: folder)
        }
        var found: [Name: SHA256Digest] = [:]
        for entry in receipt.outputs {
            let path = "\(folder)/\(entry.name)"
            guard NamedFile.exists(path) else { continue }
            guard let salt = salts[entry.name] else {
                throw CommandFailure(
                    OutputsError.record("\(OutputFiles.salts) has no salt for \(entry.name)"), in: folder)
            }
            let content = try contentCommitment(to: path, salt: salt)
            guard content.commitment == entry.digest else {
                throw CommandFailure(OutputsError.outputDiffers(entry.name), in: folder)
            }
            found[entry.name] = content.digest
        }
        return found
    }
}

extension CommandFailure {
    /// What is kept does not hold; of evidence with every finding.
    fileprivate init(_ error: OutputsError, in folder: String, at time: Timestamp) {
        var told: Findings?
        if case .contraindicated(let findings) = error {
            told = Findings(Appraisal<AffirmedReport>.contraindicated(findings), at: time)
        }
        self.init(error, in: folder, findings: told)
    }
}
