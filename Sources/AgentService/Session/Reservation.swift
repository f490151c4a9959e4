internal import Commitments
internal import Composition
internal import Execution
internal import Lifecycle
internal import Sealing

/// What a manifest may come to need of the machine, added up before the session locks to it.
struct Reservation: Equatable {
    /// Files: slots, what a second submission may add, copies of data, the job folder, the recipients' streams.
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
    init(_ manifest: Manifest, holding runtimes: [InstalledRuntime] = []) {
        let slots = Self.submitted(manifest, holding: runtimes)
        let bounds = ExecutionBounds(manifest, holding: runtimes)
        let submitted = slots.reduce(0) { $0 + Self.pages($1.maximumBytes) }
        let mounts = manifest.channels.reduce(into: [Name: Int]()) { counts, channel in
            if case .mount(let mount) = channel { counts[mount.data, default: 0] += 1 }
        }
        // The first mount takes the file that came, each further one a copy of it.
        let copies = manifest.data.reduce(0) { sum, entry in
            sum + max(0, (mounts[entry.name] ?? 0) - 1) * Self.pages(entry.maximumBytes)
        }
        let streams = manifest.participants.reduce(0) { sum, participant in
            let content = OutputsIndex.contentByteCount(for: participant.name, under: manifest)
            return sum + Self.pages(StreamFormat.streamByteCount(ofContent: content))
        }
        fileBytes =
            submitted + Self.pages(Self.spareBytes(for: manifest, holding: runtimes)) + copies + bounds.fileBytes
            + streams
        // Components and their composition are read into memory once, whole.
        let code = slots.reduce(0) { $0 + ($1.isComponent ? $1.maximumBytes : 0) }
        memoryBytes = bounds.memoryBytes + Self.agentBytes + 3 * code
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
