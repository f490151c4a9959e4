internal import Client
package import Commitments
package import Evidence
internal import Keys
internal import Lifecycle
package import Pages
internal import Primitives
package import Verification

/// What was kept of one or several runs of a session, for people and for machines.
package struct KeptRuns {
    private let runs: [KeptReceipt]
    private let chain: ReceiptChain
    private let manifest: Manifest

    /// Verifies each folder, and then that the receipts follow one another.
    ///
    /// - Parameters: as of ``KeptReceipt``.
    package init(
        _ folders: [String], under manifest: Manifest, by verifier: Verifier, asOfRecord isAsOfRecord: Bool
    ) throws(CommandFailure) {
        let found = try folders.map { folder throws(CommandFailure) in
            try KeptReceipt(folder, under: manifest, by: verifier, asOfRecord: isAsOfRecord)
        }
        try self.init(found, under: manifest)
    }

    /// Joins what was verified before, where the receipts follow one another.
    package init(_ found: [KeptReceipt], under manifest: Manifest) throws(CommandFailure) {
        do {
            chain = try ReceiptChain(found.map(\.verified.receipt))
        } catch {
            throw CommandFailure(error)
        }
        runs = found.sorted { $0.verified.receipt.run.number < $1.verified.receipt.run.number }
        self.manifest = manifest
    }

    /// The same as a page.
    ///
    /// - Parameter command: what verifies it anew.
    package func page(by command: String) -> Page {
        Page(runs, under: manifest, saying: manifest.limits.runs > 1 ? extent : nil, by: command)
    }

    package func show(json: Bool) {
        if json { return printJSON(self.json) }
        if runs.count == 1 {
            for run in runs { print("the receipt holds: the results were \(run.verified.receipt.ending.words)") }
        } else {
            print("the \(runs.count) receipts hold, and each follows from the one before it")
        }
        if manifest.limits.runs > 1 { print(extent) }
        for run in runs { run.show(isOneOfSeveral: runs.count > 1) }
    }

    /// How many runs there were, as far as the receipts say.
    private var extent: String {
        let newest = chain.newestRun
        if chain.hasEnded { return "the session ended after run \(newest)" }
        let count = newest == 1 ? "1 run" : "\(newest) runs"
        return "the session had at least \(count): no receipt here says that it ended"
    }

    /// Of one run, what it is; of several, what they are together and each of them.
    private var json: JSONValue {
        let end = [JSONMember("newestRun", .integer(chain.newestRun)), JSONMember("ended", .bool(chain.hasEnded))]
        if runs.count == 1, let run = runs.first { return .object(run.members + end) }
        return .object(
            [JSONMember("version", 1), JSONMember("holds", true)] + end
                + [JSONMember("runs", .array(runs.map { .object($0.members) }))])
    }
}

extension KeptReceipt {
    private var isSimulated: Bool { verified.evidence.endorsements.anchor == .simulated }

    fileprivate var members: [JSONMember] {
        let stated = verified.receipt
        return [
            JSONMember("version", 1), JSONMember("holds", true), JSONMember("outcome", .string(stated.ending.rawValue)),
            JSONMember("run", .integer(stated.run.number)),
            JSONMember("manifest", .string(stated.manifestDigest.prefixed)),
            JSONMember("session", .string(stated.sessionID.description)),
            JSONMember("engine", .string(stated.engine)),
            JSONMember("measurement", .string(verified.evidence.report.measurement.description)),
            JSONMember("simulated", .bool(isSimulated)),
            JSONMember("recordedBy", .string(signer.name.description)),
            JSONMember("recordedAt", .string(record.time.description)),
            JSONMember("judgedAt", .string(time.description)),
            JSONMember("outputs", .array(compared.map { .string($0.description) })),
        ]
    }

    fileprivate func show(isOneOfSeveral: Bool) {
        let stated = verified.receipt
        if isOneOfSeveral { print("\nrun \(stated.run.number): \(stated.ending.words)") }
        if isSimulated { print("SIMULATED: no processor stands behind it") }
        print("manifest     \(stated.manifestDigest.prefixed)")
        print("session      \(SessionWords(stated.sessionID))")
        print("measurement  \(verified.evidence.report.measurement)")
        print("engine       \(stated.engine.showingItself(besides: []))")
        print("recorded     \(record.time) by \(signer.name), judged as of \(time)")
        for entry in stated.slots { print("took         \(entry.name), \(entry.digest.prefixed)") }
        for entry in stated.outputs {
            let here = compared.contains(entry.name) ? ", the file here" : ", not compared: no file here"
            print("released     \(entry.name), \(entry.digest.prefixed)\(here)")
        }
    }
}
