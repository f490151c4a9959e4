public import Commitments
public import Platform
public import Primitives

/// Everything that one run needs to know, in paths and bounds: nothing here asks what a component is.
public struct ExecutionPlan: Sendable {
    /// `job.json`, as the worker reads it.
    public var job: [UInt8]
    /// `composed.wasm`.
    public var composed: [UInt8]
    /// `in`, `out`, `log`, `tmp` and folders below them, relative to the job folder. Those below `in` are for reading,
    /// the others the worker may write to, and these alone may exist below `out` when it has ended.
    public var folders: [String]
    public var inputs: [PlannedFile]
    /// Files below `in` whose content is known from the start: no participant brings them.
    public var texts: [PlannedText] = []
    /// Files below `in` that come with a runtime.
    public var libraries: [PlannedLibrary] = []
    /// The machine code of the run's runtime.
    public var machineCode: RegularFile?
    public var releases: [PlannedFile]
    public var logs: [PlannedFile]
    public var limits: ExecutionLimits
    /// Named pipes below `log`, through which components print.
    public var pipes: [String] = []
    /// Folders of temporary files, `tmp/moments-a`, and how much each may hold.
    public var temporaryBytes: [String: Int] = [:]

    /// Says everything that a run needs. Paths are held against each other when it is prepared.
    public init(
        job: [UInt8], composed: [UInt8], folders: [String],
        files: (inputs: [PlannedFile], releases: [PlannedFile], logs: [PlannedFile]), limits: ExecutionLimits
    ) {
        self.job = job
        self.composed = composed
        self.folders = folders
        inputs = files.inputs
        releases = files.releases
        logs = files.logs
        self.limits = limits
    }
}

/// One file of a job folder and the name that a manifest knows it by.
public struct PlannedFile: Equatable, Sendable {
    /// An entry of `data`, or an output.
    public let name: Name
    /// Relative to the job folder: `in/moments-a/data/patients.csv`.
    public let path: String
    public let maximumBytes: Int

    /// Places one file.
    public init(name: Name, path: String, maximumBytes: Int) {
        self.name = name
        self.path = path
        self.maximumBytes = maximumBytes
    }
}

/// One file of a job folder with its content.
public struct PlannedText: Equatable, Sendable {
    /// Relative to the job folder: `in/moments-a/data/patients.csv.format.json`.
    public let path: String
    public let content: [UInt8]

    /// Places one file.
    public init(path: String, content: [UInt8]) {
        self.path = path
        self.content = content
    }
}

/// One file of a runtime, which is copied into the job folder and compared with its digest on the way.
public struct PlannedLibrary: Sendable {
    /// Relative to the job folder: `in/python/usr/local/lib/python315.zip`.
    public let path: String
    public let source: RegularFile
    public let digest: SHA256Digest
}

/// Bounds of one run.
public struct ExecutionLimits: Equatable, Sendable {
    public var compileSeconds: Int
    /// From the moment that everything is in place and compiled.
    public var wallTimeSeconds: Int
    /// Memory of the whole worker: that of all components, of its own, and of compiling.
    public var memoryBytes: Int

    /// Bounds a run in time and memory.
    public init(compileSeconds: Int, wallTimeSeconds: Int, memoryBytes: Int) {
        self.compileSeconds = compileSeconds
        self.wallTimeSeconds = wallTimeSeconds
        self.memoryBytes = memoryBytes
    }
}
