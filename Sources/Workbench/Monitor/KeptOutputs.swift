internal import Client
internal import Commitments
internal import Evidence
internal import Formats
internal import Lifecycle
internal import Pages
internal import Platform
internal import Primitives
internal import Verification

/// The folders that fetches left, each verified once and then kept in mind.
struct KeptOutputs {
    private let folders: [String]
    private let manifest: Manifest
    private var found: [String: KeptReceipt] = [:]
    private var shown: [String: MonitorView.Kept] = [:]

    /// Outputs that are larger are not read.
    private static let maximumByteCount = 8 << 20

    init(_ folders: [String], under manifest: Manifest) {
        self.folders = folders
        self.manifest = manifest
    }

    /// Looks at what was missing or did not hold.
    mutating func look(by verifier: Verifier, asOfRecord isAsOfRecord: Bool) -> [MonitorView.Kept] {
        folders.map { folder in
            if let known = shown[folder] { return known }
            guard NamedFile.exists("\(folder)/\(OutputFiles.receipt)") else {
                return MonitorView.Kept(folder: folder, .missing)
            }
            do throws(CommandFailure) {
                let receipt = try KeptReceipt(folder, under: manifest, by: verifier, asOfRecord: isAsOfRecord)
                let kept = MonitorView.Kept(folder: folder, .holds(receipt, try outputs(of: receipt, in: folder)))
                found[folder] = receipt
                shown[folder] = kept
                return kept
            } catch {
                return MonitorView.Kept(folder: folder, .refused(error.error.message))
            }
        }
    }

    /// Everything that was compared; `nil` before something holds.
    func receipts(by command: String) throws(CommandFailure) -> Page? {
        let receipts = folders.compactMap { found[$0] }
        guard !receipts.isEmpty else { return nil }
        return try KeptRuns(receipts, under: manifest).page(by: command)
    }

    /// The outputs as they are shown: the bytes that are shown are those that were compared.
    private func outputs(
        of receipt: KeptReceipt, in folder: String
    ) throws(CommandFailure) -> [(name: Name, byteCount: Int, content: ShownContent?)] {
        guard !receipt.compared.isEmpty else { return [] }
        let salts = try readFile(
            "\(folder)/\(OutputFiles.salts)", maximumByteCount: SaltsFile.maximumByteCount,
            as: SaltsFile.init(decoding:)
        ).salts
        var outputs: [(name: Name, byteCount: Int, content: ShownContent?)] = []
        for entry in receipt.verified.receipt.outputs where receipt.compared.contains(entry.name) {
            let path = "\(folder)/\(entry.name)"
            let byteCount = try openFile(path, upTo: Self.maximumByteCount).byteCount
            guard byteCount <= Self.maximumByteCount else {
                outputs.append((entry.name, byteCount, nil))
                continue
            }
            let bytes = try readFile(path, maximumByteCount: Self.maximumByteCount)
            guard let salt = salts[entry.name] else {
                throw CommandFailure(OutputsError.record("\(OutputFiles.salts) has no salt for \(entry.name)"))
            }
            var hasher = ContentHasher(salt: salt, byteCount: bytes.count)
            hasher.update(bytes)
            guard hasher.finalize() == entry.digest else {
                throw CommandFailure(OutputsError.outputDiffers(entry.name))
            }
            let format = manifest.outputs.first { $0.name == entry.name }?.gate.format ?? .any
            outputs.append((entry.name, bytes.count, ShownContent(bytes, of: format)))
        }
        return outputs
    }
}
