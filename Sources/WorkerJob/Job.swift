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
    /// Where the run has a runtime: what `composed.wasm` imports its core module as. Its machine code is the worker's
    /// descriptor 7.
    public let runtimeModule: String?
    /// Where the job is to make machine code instead of running any: `composed.wasm` is then a core module, and this is
    /// the file below `out` for what it becomes.
    public let keptCode: String?

    package init(
        composedDigest: SHA256Digest, preopens: [Preopen], pipes: [LogPipe] = [], entry: String,
        storeLimits: StoreLimits, hostWorld: [String], diagnostics: Bool, plainModules: [Range<Int>]? = nil,
        runtimeModule: String? = nil, keptCode: String? = nil
    ) {
        self.composedDigest = composedDigest
        self.preopens = preopens
        self.pipes = pipes
        self.entry = entry
        self.storeLimits = storeLimits
        self.hostWorld = hostWorld
        self.diagnostics = diagnostics
        self.plainModules = plainModules
        self.runtimeModule = runtimeModule
        self.keptCode = keptCode
    }
}

extension Job {
    /// A job that compiles one core module and keeps the machine code. Nothing is instantiated.
    public static func keepingCode(of module: SHA256Digest, at path: String, diagnostics: Bool) -> Job {
        Job(
            composedDigest: module, preopens: [], entry: "",
            storeLimits: StoreLimits(memoryBytes: 0, tableElements: 0, instances: 0, tables: 0, memories: 0),
            hostWorld: [], diagnostics: diagnostics, keptCode: path)
    }
}

/// The form of machine code that is kept: who loads it must be of the same.
public enum KeptCode {
    /// Engine and version.
    public static let engine = "wasmtime 50.0.1"
    /// What a worker compiles with when it makes code to be kept, and for which processors.
    public static let settings = "exceptions, speed, x86-64-v3"
    /// More than any runtime's.
    public static let maximumByteCount = 1 << 30
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
