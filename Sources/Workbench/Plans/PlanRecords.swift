internal import Client
internal import Commitments
internal import Evidence
internal import Keys
internal import Platform
internal import Primitives
internal import Verification

/// What a participant's appraisals of a plan's machines were, kept in ``Home`` while a run goes on: a machine may be
/// gone when its outputs are opened.
struct PlanRecords {
    private let folder: String

    init(_ home: Home) {
        folder = home.folder + "/sessions"
    }

    private static let fileName = "appraisal.json"

    /// Keeps the first record of a session. A later one says no more.
    func keep(_ record: AppraisalRecord, by key: SigningKey) throws(CommandFailure) {
        let own = "\(folder)/\(record.session)"
        guard !NamedFile.exists("\(own)/\(Self.fileName)") else { return }
        do {
            try NamedFile.makeFolders(own)
            try NamedFile.replace("\(own)/\(Self.fileName)", record.signed(by: key).encoded, mode: 0o600)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Whether a session was appraised before.
    func hasRecord(of session: SHA256Digest) -> Bool { NamedFile.exists("\(folder)/\(session)/\(Self.fileName)") }

    /// A session that was affirmed before, as it is judged today.
    struct Known {
        let session: AffirmedSession
        let record: AppraisalRecord
        /// Signed, as it was kept.
        let file: [UInt8]
    }

    /// The sessions that were appraised under a manifest, as far as they hold.
    func sessions(under manifest: Manifest, by verifier: Verifier) throws(CommandFailure) -> [Known] {
        guard NamedFile.exists(folder) else { return [] }
        let names: [String]
        do {
            names = try Folder(path: folder + "/.").entries(atMost: 65_536).compactMap(\.name).sorted()
        } catch {
            throw CommandFailure(error)
        }
        var known: [Known] = []
        for name in names {
            let path = "\(folder)/\(name)/\(Self.fileName)"
            guard NamedFile.exists(path) else { continue }
            let bytes = try readFile(path, maximumByteCount: 2 * AppraisalRecord.payloadType.maximumByteCount)
            guard let record = try? AppraisalRecord.verified(bytes, under: manifest).record,
                record.bound == manifest.bound,
                let session = try? record.appraised(under: manifest, by: verifier)
            else { continue }
            known.append(Known(session: session, record: record, file: bytes))
        }
        return known
    }
}
