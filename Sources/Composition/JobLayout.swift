public import Commitments
public import WorkerJob

/// Which host file goes where in a job folder, and which come back. Paths are relative to it.
///
///     in/COMPONENT/…     mounts and a runtime's files, read-only, each component its own copies, and beside each
///                        table its format
///     out/COMPONENT/…    what a component releases, below `output`
///     log/COMPONENT/…    `stdout` and `stderr`, and `pipes/`, through which they come
///     tmp/COMPONENT      temporary files, which nobody collects
public struct JobLayout: Equatable, Sendable {
    /// Every folder that must exist before the run, each after those around it.
    public let folders: [String]
    public let mounts: [MountedFile]
    /// The formats of tables, as the manifest has them.
    public let formats: [FormatFile]
    public let releases: [CollectedFile]
    public let logs: [CollectedFile]
    public let preopens: [Preopen]
    /// The pipes that every component prints to, and what is kept of each.
    public let pipes: [LogPipe]
    /// What comes with a runtime, once for each component that is it.
    public let libraries: [LibraryFile]
    /// The folders of temporary files, and how many bytes each may hold.
    public let temporaryBytes: [String: Int]

    /// A file that the component reads.
    public struct MountedFile: Equatable, Sendable {
        public let data: Name
        public let component: Name
        public let path: String
        public let maximumBytes: Int
    }

    /// What a component reads about a table, which lies beside it: `in/COMPONENT/data/patients.csv.format.json`.
    public struct FormatFile: Equatable, Sendable {
        public let path: String
        public let content: [UInt8]
    }

    /// A file that a runtime reads: `in/COMPONENT/usr/local/lib/python315.zip`.
    public struct LibraryFile: Equatable, Sendable {
        public let path: String
        public let file: RuntimeNotice.File
    }

    /// A file that becomes an output once the worker has ended. A log may be absent, and is cut at its bound.
    public struct CollectedFile: Equatable, Sendable {
        public let output: Name
        public let component: Name
        public let path: String
        public let maximumBytes: Int
    }

    /// The folders and files of a manifest's channels, and of the runtime that its composition has.
    public init(_ manifest: Manifest, _ runtime: ComposedRuntime? = nil) {
        let dataBytes = Dictionary(manifest.data.map { ($0.name, $0.maximumBytes) }) { first, _ in first }
        let outputBytes = Dictionary(manifest.outputs.map { ($0.name, $0.maximumBytes) }) { first, _ in first }
        mounts = manifest.mounts.map { mount in
            MountedFile(
                data: mount.data, component: mount.component, path: Self.path("in", mount.component, mount.path),
                maximumBytes: dataBytes[mount.data] ?? 0)
        }
        let texts = Dictionary(manifest.data.map { ($0.name, $0.tableFormat) }) { first, _ in first }
        formats = manifest.mounts.compactMap { mount in
            (texts[mount.data] ?? nil).map { FormatFile(path: "in/\(mount.component)\(mount.formatPath)", content: $0) }
        }
        releases = manifest.releases.map { release in
            CollectedFile(
                output: release.output, component: release.component,
                path: Self.path("out", release.component, release.path),
                maximumBytes: outputBytes[release.output] ?? 0)
        }
        logs = manifest.logs.map { log in
            CollectedFile(
                output: log.output, component: log.component, path: "log/\(log.component)/\(log.stream.rawValue)",
                maximumBytes: outputBytes[log.output] ?? 0)
        }
        let held = Set(runtime?.components ?? [])
        preopens = manifest.components.flatMap { Self.preopens(of: $0, in: manifest, held.contains($0.name)) }
        libraries = (runtime?.components ?? []).flatMap { component in
            (runtime?.notice.files ?? []).map { LibraryFile(path: "in/\(component)\($0.path)", file: $0) }
        }
        let kept = Dictionary(logs.map { ($0.path, $0.maximumBytes) }) { first, _ in first }
        pipes = manifest.components.flatMap { component in
            LogChannel.Stream.allCases.map { stream in
                let file = "log/\(component.name)/\(stream.rawValue)"
                let path = "\(Self.pipes(of: component.name))/\(stream.rawValue)"
                return LogPipe(path: path, file: file, maximumBytes: kept[file] ?? 0)
            }
        }
        temporaryBytes = Dictionary(
            manifest.components.compactMap { component in
                component.temporaryMiB.map { ("tmp/\(component.name)", $0 << 20) }
            }
        ) { first, _ in first }
        let parents = (mounts.map(\.path) + releases.map(\.path) + libraries.map(\.path)).map(Self.parent)
        folders = Self.withParents(parents + preopens.map(\.folder))
    }

    /// How many files and folders a component may have in `/output` at a time besides the folders of its outputs: the
    /// outputs and 64 more.
    static func mostMade(by component: Name, in manifest: Manifest) -> Int {
        manifest.releases.count { $0.component == component } + spareEntryCount
    }

    /// What a rehearsal keeps of a stream that nobody receives.
    package static let shownLogBytes = 512 << 10

    /// For files that are gone at the end.
    package static let spareEntryCount = 64
    /// Files and folders in `/tmp` at a time. Shims/folders.c has it too.
    package static let temporaryEntryCount = 1024

    /// The first folder of each path is preopened. A mount without a folder makes `/` one.
    private static func preopens(of entry: Component, in manifest: Manifest, _ isRuntime: Bool) -> [Preopen] {
        let component = entry.name
        let libraries: Set<String> = isRuntime ? ["/" + RuntimeNotice.folder] : []
        let mounted = libraries.union(manifest.mounts.filter { $0.component == component }.map { firstFolder($0.path) })
        let released = Set(manifest.releases.filter { $0.component == component }.map { firstFolder($0.path) })
        return mounted.sorted().map {
            Preopen(folder: "in/\(component)\($0)", name: "\(component):/\($0.dropFirst())", access: .read)
        }
            + released.sorted().map {
                Preopen(folder: "out/\(component)\($0)", name: "\(component):\($0)", access: .write)
            }
            + (entry.temporaryMiB == nil
                ? [] : [Preopen(folder: "tmp/\(component)", name: "\(component):/tmp", access: .write)])
            + [Preopen(folder: pipes(of: component), name: "\(component):$log", access: .write)]
    }

    private static func pipes(of component: Name) -> String { "log/\(component)/pipes" }

    /// `/data` of `/data/patients.csv`, and nothing of `/patients.csv`.
    private static func firstFolder(_ path: GuestPath) -> String {
        path.segments.count > 1 ? "/" + path.segments[0] : ""
    }

    private static func path(_ root: String, _ component: Name, _ path: GuestPath) -> String {
        "\(root)/\(component)\(path)"
    }

    private static func parent(_ path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    private static func withParents(_ paths: [String]) -> [String] {
        var all: Set<String> = []
        for path in paths {
            let parts = path.split(separator: "/")
            for count in 1...parts.count { all.insert(parts.prefix(count).joined(separator: "/")) }
        }
        return all.sorted()
    }
}
