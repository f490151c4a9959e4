internal import Commitments
package import Evidence
internal import FoundationEssentials
internal import Keys
internal import Lifecycle
internal import Platform
package import Plans
internal import Primitives
package import Verification

/// Everything that was kept of a plan's sessions, each receipt verified by itself.
package struct PlanReceipts: Sendable {
    /// What holds.
    package private(set) var parts: [PlanPart] = []
    /// What does not, with the first reason.
    package private(set) var refused: [Refused] = []

    /// A folder whose receipt is not believed.
    package struct Refused: Sendable {
        package let place: String
        package let code: String
        package let message: String
    }

    /// How deep a receipt may lie below a folder that was named: session, and attempt.
    private static let maximumDepth = 3
    private static let maximumFolderCount = 65_536

    private init() {}

    /// Verifies every receipt in and below folders.
    ///
    /// - Parameters:
    ///   - folders: as `2cvm plan fetch` left them, or parts of them.
    ///   - plan: what everyone signed, with its manifests.
    ///   - verifier: the reader's own.
    ///   - isAsOfRecord: whether to judge each as of its record's time, and not as of the verifier's.
    package init(
        _ folders: [String], of plan: ResolvedPlan, by verifier: Verifier, asOfRecord isAsOfRecord: Bool
    ) async throws {
        var found: [String] = []
        for folder in folders { try Self.collect(below: folder, depth: 0, into: &found) }
        guard !found.isEmpty else { throw CommandFailure(PlanReceiptsError.none, in: folders.first) }
        let reader = Reader(plan, verifier, isAsOfRecord)
        let count = min(found.count, max(1, ProcessInfo.processInfo.activeProcessorCount))
        let places = found
        self = await withTaskGroup(of: (Int, PlanReceipts).self) { group in
            for worker in 0..<count {
                let range = places.count * worker / count..<places.count * (worker + 1) / count
                group.addTask { (worker, reader.read(places[range])) }
            }
            // In the order in which the folders were named, whoever ends first.
            var results: [Int: PlanReceipts] = [:]
            for await (worker, result) in group { results[worker] = result }
            return (0..<count).compactMap { results[$0] }.reduce(PlanReceipts()) { $0.joined(with: $1) }
        }
    }

    private func joined(with other: PlanReceipts) -> PlanReceipts {
        var joined = self
        joined.parts += other.parts
        joined.refused += other.refused
        return joined
    }

    private static func collect(
        below folder: String, depth: Int, into found: inout [String]
    ) throws(CommandFailure) {
        if NamedFile.exists("\(folder)/\(OutputFiles.receipt)") { found.append(folder) }
        guard found.count <= maximumFolderCount else { throw CommandFailure(PlanReceiptsError.tooMany, in: folder) }
        guard depth < maximumDepth else { return }
        let entries: [FolderEntry]
        do {
            // The folder that was named may be reached through a link; none below it is followed.
            entries = try Folder(path: depth == 0 ? "\(folder)/." : folder).entries(atMost: maximumFolderCount)
        } catch {
            throw CommandFailure(error)
        }
        for name in entries.filter({ $0.kind == .folder }).compactMap(\.name).sorted() {
            try collect(below: "\(folder)/\(name)", depth: depth + 1, into: &found)
        }
    }

    /// Reads folders one after the other, each with what the ones before it showed of chains.
    private struct Reader: Sendable {
        let manifests: [Name: Manifest]
        let plan: SHA256Digest
        let verifier: Verifier
        let isAsOfRecord: Bool

        init(_ plan: ResolvedPlan, _ verifier: Verifier, _ isAsOfRecord: Bool) {
            manifests = Dictionary(plan.manifests.map { ($0.name, $0) }) { first, _ in first }
            self.plan = plan.plan.digest
            self.verifier = verifier
            self.isAsOfRecord = isAsOfRecord
        }

        func read(_ places: ArraySlice<String>) -> PlanReceipts {
            var memory = EndorsementMemory()
            var receipts = PlanReceipts()
            for place in places {
                do throws(CommandFailure) {
                    receipts.parts.append(try part(in: place, &memory))
                } catch {
                    receipts.refused.append(
                        Refused(place: error.place ?? place, code: error.error.code, message: error.error.message))
                }
            }
            return receipts
        }

        private func part(in place: String, _ memory: inout EndorsementMemory) throws(CommandFailure) -> PlanPart {
            let path = "\(place)/\(OutputFiles.receipt)"
            let envelope = try readFile(
                path, maximumByteCount: Envelope.maximumByteCount(of: Receipt.payloadType)
            ) { bytes throws(EnvelopeError) in
                try Envelope(decoding: bytes, as: Receipt.payloadType)
            }
            guard let claim = PlanMembership(claimedBy: envelope), claim.digest == plan,
                let manifest = manifests[claim.session]
            else { throw CommandFailure(PlanReceiptsError.foreign, in: path) }
            let kept = try KeptReceipt(
                place, under: manifest, by: verifier, asOfRecord: isAsOfRecord, remembering: &memory)
            let list = "\(place)/\(OutputFiles.deliveries)"
            guard NamedFile.exists(list) else { return PlanPart(kept, in: place, deliveries: nil) }
            let deliveries = try readFile(
                list, maximumByteCount: DeliveryList.maximumByteCount, as: DeliveryList.init(decoding:))
            return PlanPart(kept, in: place, deliveries: deliveries.envelopes)
        }
    }
}

/// Why folders are not what was kept of a plan.
package enum PlanReceiptsError: Error, Equatable {
    case none
    case tooMany
    case foreign
}

extension PlanReceiptsError: CommandFault {
    package var status: ExitStatus { .refused }

    package var code: String {
        switch self {
        case .none: "audit.empty"
        case .tooMany: "audit.size"
        case .foreign: "receipt.plan"
        }
    }

    package var message: String {
        switch self {
        case .none: "no receipt lies there"
        case .tooMany: "more folders than a plan can leave"
        case .foreign: "the receipt is of no session of this plan"
        }
    }

    package var hint: String? {
        switch self {
        case .none: "name the folder that `2cvm plan fetch` made"
        case .tooMany, .foreign: nil
        }
    }
}
