package import Execution
package import Keys
package import Platform
package import Primitives

/// What the host program decides about the session that it serves.
package struct AgentConfiguration: Sendable {
    /// The worker's program.
    package var worker: String
    /// ``WallPolicy/required``, unless this machine belongs to those who try things out on it.
    package var policy: WallPolicy
    /// HOST_DATA of the machine's own report: nothing, or the one manifest that it was launched for.
    package var bound: BoundDigest
    /// The root of the simulated platform behind the evidence, which other sessions may share; `nil` on a processor.
    package var simulatedRoot: SHA256Digest?
    /// Whether no processor stands behind the evidence.
    var isSimulated: Bool { simulatedRoot != nil }
    /// What a manifest may ask for.
    package var capacity: MachineCapacity
    /// Parent of everything that the session writes: in production a file system in memory. Absolute.
    package var folder: String
    /// Engine and version, for the receipt: `wasmtime 50.0.1`.
    package var engine: String
    /// What this machine holds: these components nobody has to submit.
    package var runtimes: [InstalledRuntime] = []

    /// Joins the decisions.
    package init(
        worker: String, policy: WallPolicy, bound: BoundDigest, simulatedRoot: SHA256Digest?, capacity: MachineCapacity,
        folder: String, engine: String
    ) {
        self.worker = worker
        self.policy = policy
        self.bound = bound
        self.simulatedRoot = simulatedRoot
        self.capacity = capacity
        self.folder = folder
        self.engine = engine
    }
}

/// How much a session can hold.
package struct MachineCapacity: Equatable, Sendable {
    /// For everything: files in memory, the worker, and what this process needs beside them.
    package var memoryBytes: Int
    /// For files below the configuration's folder.
    package var fileBytes: Int

    /// States a capacity.
    package init(memoryBytes: Int, fileBytes: Int) {
        self.memoryBytes = memoryBytes
        self.fileBytes = fileBytes
    }
}
