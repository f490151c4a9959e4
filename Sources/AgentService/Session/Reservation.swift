internal import Commitments
internal import Composition
internal import Execution
internal import Lifecycle
internal import Sealing

/// What a manifest may come to need of the machine, added up before the session locks to it.
struct Reservation: Equatable {
    /// Files: slots, what a second submission may add, the job folder, the streams of all runs that are kept and of
    /// those who decide.
    let fileBytes: Int
    /// The worker, and this process beside the files.
    let memoryBytes: Int

    /// This process: its program, chunks of the submissions on the way, one composition at a time besides its
    /// components.
    static let agentBytes = 96 << 20

    /// What all second submissions may have on the way at once.
    static func spareBytes(for manifest: Manifest, holding runtimes: [InstalledRuntime] = []) -> Int {
        submitted(manifest, holding: runtimes).reduce(0) { max($0, $1.maximumBytes) }
    }

    /// The slots that somebody has to fill.
    private static func submitted(_ manifest: Manifest, holding runtimes: [InstalledRuntime]) -> [Slot] {
        Slot.all(of: manifest).filter { $0.runtime(among: runtimes) == nil }
    }

    /// - Parameter runtimes: what the machine holds: of these no component arrives.
    init(_ agreed: AgreedManifest, holding runtimes: [InstalledRuntime] = []) {
        let manifest = agreed.manifest
        let slots = Self.submitted(manifest, holding: runtimes)
        let bounds = ExecutionBounds(manifest, holding: runtimes)
        let submitted = slots.reduce(0) { $0 + Self.pages($1.maximumBytes) }
        // A question is kept until its run is over, while the next one may come.
        let questions = manifest.questions.reduce(0) { $0 + Self.pages($1.maximumBytes) }
        fileBytes =
            submitted + questions + Self.pages(Self.spareBytes(for: manifest, holding: runtimes)) + bounds.fileBytes
            + Self.streams(of: manifest) + Self.reviews(of: manifest) + Self.parts(of: agreed)
        // Components and their composition are read into memory once, whole. The composition stays for later runs.
        let code = slots.reduce(0) { $0 + ($1.isComponent ? $1.maximumBytes : 0) }
        memoryBytes = bounds.memoryBytes + Self.agentBytes + 3 * code
    }

    /// Of every run that is kept at once, and of the one that is being sealed.
    private static func streams(of manifest: Manifest) -> Int {
        let runs = min(manifest.limits.runs, manifest.limits.keptRuns + 1)
        return manifest.participants.reduce(0) { sum, participant in
            // The first run's are the largest.
            let content = OutputsIndex.contentByteCount(for: participant.name, under: manifest, run: 1)
            return sum + runs * pages(StreamFormat.streamByteCount(ofContent: content))
        }
    }

    /// Of every machine of every session that takes something from this one, and what is kept for those to come.
    private static func parts(of agreed: AgreedManifest) -> Int {
        let maximums = Dictionary(agreed.manifest.outputs.map { ($0.name, $0.maximumBytes) }) { first, _ in first }
        let streams = agreed.peers.reduce(0) { sum, peer in
            agreed.flows(to: peer.name).reduce(sum) { sum, flow in
                let content = PeerContent.byteCount(ofOutput: maximums[flow.output] ?? 0)
                return sum + peer.attempts * pages(StreamFormat.streamByteCount(ofContent: content))
            }
        }
        let flowing = Set(agreed.flows.filter { $0.from == agreed.manifest.name }.map(\.output))
        return streams
            + flowing.reduce(0) {
                $0 + pages(StreamFormat.streamByteCount(ofContent: maximums[$1] ?? 0))
            }
    }

    /// Of the larger of the two reviews of a run.
    private static func reviews(of manifest: Manifest) -> Int {
        Review.Subject.allCases.map { subject in
            manifest.approvers(of: subject).reduce(0) { sum, name in
                let content = ReviewIndex.contentByteCount(for: name, on: subject, under: manifest)
                return sum + pages(StreamFormat.streamByteCount(ofContent: content))
            }
        }.max() ?? 0
    }

    /// Whether a machine can hold all of it at once. Files are in memory too.
    func fits(_ capacity: MachineCapacity) -> Bool {
        fileBytes <= capacity.fileBytes && fileBytes + memoryBytes <= capacity.memoryBytes
    }

    private static func pages(_ byteCount: Int) -> Int { (byteCount + 4095) / 4096 * 4096 }
}

extension Slot {
    /// The runtime that the machine holds in the slot's place.
    func runtime(among runtimes: [InstalledRuntime]) -> InstalledRuntime? {
        guard case .component(let digest) = promise else { return nil }
        return runtimes.first { $0.held.component == digest && $0.held.componentByteCount <= maximumBytes }
    }
}
