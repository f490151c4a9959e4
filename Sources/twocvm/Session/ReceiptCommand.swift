import ArgumentParser
import Client
import Commitments
import Evidence
import Keys
import Lifecycle
import Platform
import Primitives
import Verification
import Workbench

/// Groups the commands on receipts.
struct ReceiptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Verify what a session says of itself.", subcommands: [ReceiptVerify.self])
}

struct ReceiptVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a receipt with everything that was kept beside it, offline.",
        discussion: """
            Takes the folder that `2cvm fetch` made, and the manifest with everyone's signature. A participant of the \
            manifest must have signed the appraisal record. The evidence in it is appraised again, as of the record's \
            time or of --at. That session's key must have signed the receipt, which must name the evidence that was \
            made at the lock. Each slot and output must be what the manifest says, and each output in the folder what \
            its commitment says.

            Revocation lists that you have count too, from the cache and from --crl: what was revoked since then no \
            longer vouches for anything.

            Exit status: 0 everything holds, also of a run that failed; 1 something does not; 2 a file cannot be \
            decoded; 3 a file cannot be opened.

            Example: 2cvm receipt verify results --manifest signed.json
            """)

    @Argument(help: "The folder.", completion: .directory)
    var folder: String

    @OptionGroup var agreed: AgreedManifestOption
    @OptionGroup var options: VerifierOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        // What all agreed on is what all have signed. A draft is one participant's word.
        let manifest = try readFullySignedManifest(agreed.file).manifest
        let recorded = try take(OutputFiles.appraisal) { file throws(OutputsError) in
            try AppraisalRecord.verified(file, under: manifest)
        }
        var verifier = try options.verifier()
        if options.at == nil { verifier.time = recorded.record.time }
        // What the record was judged with counts for the evidence beside the receipt too.
        if let list = recorded.record.bundle.endorsements.revocationList { verifier.revocationLists.append(list) }
        do {
            let session = try recorded.record.appraised(under: manifest, by: verifier)
            var bundle = try readBundle(path(OutputFiles.evidence))
            bundle.endorsements = bundle.endorsements.completed(from: recorded.record.bundle.endorsements)
            let file = try readFile(
                path(OutputFiles.receipt), maximumByteCount: 2 * Receipt.payloadType.maximumByteCount)
            let receipt = try VerifiedReceipt(file, beside: bundle, of: session, under: manifest, by: verifier)
            let outputs = try compareOutputs(with: receipt.receipt)
            show(receipt, recorded, outputs, at: verifier.time)
        } catch let error as OutputsError {
            var told: CommandFailure.Findings?
            if case .contraindicated(let findings) = error {
                told = CommandFailure.Findings(
                    Appraisal<AffirmedReport>.contraindicated(findings), at: verifier.time)
            }
            throw CommandFailure(error, in: folder, findings: told)
        }
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    private func take<Value>(
        _ name: String, _ decode: ([UInt8]) throws(OutputsError) -> Value
    ) throws(CommandFailure) -> Value {
        let bytes = try readFile(path(name), maximumByteCount: 2 * AppraisalRecord.payloadType.maximumByteCount)
        do {
            return try decode(bytes)
        } catch {
            throw CommandFailure(error, in: path(name))
        }
    }

    /// The outputs in the folder, each compared with its commitment.
    private func compareOutputs(with receipt: Receipt) throws -> [Name] {
        // Without a salt nothing can be compared: an output that lies here without one is refused, not passed over.
        var salts: [Name: FixedBytes<32>] = [:]
        if NamedFile.exists(path(OutputFiles.salts)) {
            salts = try readFile(
                path(OutputFiles.salts), maximumByteCount: SaltsFile.maximumByteCount, as: SaltsFile.init(decoding:)
            ).salts
        }
        guard Set(salts.keys).isSubset(of: receipt.outputs.map(\.name)) else {
            throw OutputsError.record("\(OutputFiles.salts) names what the receipt does not")
        }
        var found: [Name] = []
        for entry in receipt.outputs {
            let file = path(entry.name.description)
            guard NamedFile.exists(file) else { continue }
            guard let salt = salts[entry.name] else {
                throw OutputsError.record("\(OutputFiles.salts) has no salt for \(entry.name)")
            }
            let here = try contentCommitment(to: file, salt: salt)
            guard here.commitment == entry.digest else { throw OutputsError.outputDiffers(entry.name) }
            found.append(entry.name)
        }
        return found
    }

    private func show(
        _ verified: VerifiedReceipt, _ recorded: (record: AppraisalRecord, signer: Participant), _ outputs: [Name],
        at time: Timestamp
    ) {
        let receipt = verified.receipt
        let isSimulated = verified.evidence.endorsements.anchor == .simulated
        if json {
            return printJSON([
                "version": 1, "holds": true, "outcome": .string(receipt.ending.rawValue),
                "manifest": .string(receipt.manifestDigest.prefixed),
                "session": .string(receipt.sessionID.description), "engine": .string(receipt.engine),
                "measurement": .string(verified.evidence.report.measurement.description),
                "simulated": .bool(isSimulated), "recordedBy": .string(recorded.signer.name.description),
                "recordedAt": .string(recorded.record.time.description), "judgedAt": .string(time.description),
                "outputs": .array(outputs.map { .string($0.description) }),
            ])
        }
        print("the receipt holds: the results were \(receipt.ending.words)")
        if isSimulated { print("SIMULATED: no processor stands behind it") }
        print("manifest     \(receipt.manifestDigest.prefixed)")
        print("session      \(SessionWords(receipt.sessionID))")
        print("measurement  \(verified.evidence.report.measurement)")
        print("engine       \(receipt.engine.showingItself(besides: []))")
        print("recorded     \(recorded.record.time) by \(recorded.signer.name), judged as of \(time)")
        for entry in receipt.slots {
            print("took         \(entry.name), \(entry.digest.prefixed)")
        }
        for entry in receipt.outputs {
            let here = outputs.contains(entry.name) ? ", the file here" : ", not compared: no file here"
            print("released     \(entry.name), \(entry.digest.prefixed)\(here)")
        }
    }
}
