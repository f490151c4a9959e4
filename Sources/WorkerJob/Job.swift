public import Primitives

/// What the worker is told: one composed binary, the folders it may open, and the bounds of its store.
///
/// It travels as `job.json` in the job folder, beside `composed.wasm`:
///
///     job.json  composed.wasm  in/COMPONENT/…  out/COMPONENT/…  log/COMPONENT/…  tmp/COMPONENT
public struct Job: Equatable, Sendable {
    /// SHA-256 over `composed.wasm`.
    public let composedDigest: SHA256Digest
    public let preopens: [Preopen]
    public let pipes: [LogPipe]
    /// The instance export of the composed binary that holds the function `run`.
    public let entry: String
    public let storeLimits: StoreLimits
    /// The names of the imports that the composed binary may have: the host world. Anything else is refused.
    public let hostWorld: [String]
    /// Whether traps are told in words: in a rehearsal only, where the reader owns what failed.
    public let diagnostics: Bool
    /// Where a component of the run may throw: the core modules of `composed.wasm` that must be valid without
    /// exceptions, each as a range of its bytes. `nil` where exceptions are off.
    public let plainModules: [Range<Int>]?

    package init(
        composedDigest: SHA256Digest, preopens: [Preopen], pipes: [LogPipe] = [], entry: String,
        storeLimits: StoreLimits, hostWorld: [String], diagnostics: Bool, plainModules: [Range<Int>]? = nil
    ) {
        self.composedDigest = composedDigest
        self.preopens = preopens
        self.pipes = pipes
        self.entry = entry
        self.storeLimits = storeLimits
        self.hostWorld = hostWorld
        self.diagnostics = diagnostics
        self.plainModules = plainModules
    }
}

/// One folder of the job that the engine opens for one component.
public struct Preopen: Equatable, Sendable {
    /// Whether the component may change what lies there.
    public enum Access: String, CaseIterable, Equatable, Sendable {
        case read, write
    }

    /// Relative to the job folder: `in/moments-a/data`.
    public let folder: String
    /// What the component's shim knows it as: `moments-a:/data`, `moments-a:/output`, `moments-a:$log`.
    public let name: String
    public let access: Access

    package init(folder: String, name: String, access: Access) {
        self.folder = folder
        self.name = name
        self.access = access
    }
}

/// One stream that a component prints to: a pipe, whose reader keeps its beginning and lets the rest go, so that no
/// write to it ever fails.
public struct LogPipe: Equatable, Sendable {
    /// The pipe, relative to the job folder: `log/moments-a/pipes/stderr`.
    public let path: String
    /// What is kept: `log/moments-a/stderr`.
    public let file: String
    /// How much is kept.
    public let maximumBytes: Int

    package init(path: String, file: String, maximumBytes: Int) {
        self.path = path
        self.file = file
        self.maximumBytes = maximumBytes
    }
}

/// Bounds of the engine's store, beside the caps written into each component's memories.
public struct StoreLimits: Equatable, Sendable {
    /// The largest single linear memory.
    public let memoryBytes: Int
    /// The largest single table, in elements.
    public let tableElements: Int
    public let instances: Int
    public let tables: Int
    public let memories: Int

    package init(memoryBytes: Int, tableElements: Int, instances: Int, tables: Int, memories: Int) {
        self.memoryBytes = memoryBytes
        self.tableElements = tableElements
        self.instances = instances
        self.tables = tables
        self.memories = memories
    }
}
