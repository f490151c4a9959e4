public import Composition
public import Platform
public import Primitives

/// A folder of installed runtimes, one folder for each component's digest. Two releases lie beside each other.
///
///     5e0b5daf…/
///       installed.json   twin.wasm   module.wasm   machine-code
///       files/usr/…      what the runtime reads
///
/// Only root or the caller may be able to change it: what lies there becomes code of the worker.
public struct RuntimeStore: Sendable {
    public let path: String
    private static let maximumCount = 256

    /// Names a folder, which need not exist.
    public init(path: String) {
        self.path = path
    }

    /// Every runtime in the folder, by name; none where there is no folder.
    ///
    /// A name that is no digest is another program's, or a rest of an installation that was broken off.
    /// - Throws: ``RuntimeStoreError`` where the folder or one of the runtimes cannot be believed.
    public func runtimes() throws(RuntimeStoreError) -> [InstalledRuntime] {
        guard NamedFile.exists(path) else { return [] }
        let store = try onStore { () throws(PlatformError) in try OwnedFolder(path: path) }
        let entries = try onStore { () throws(PlatformError) in
            try store.folder.entries(atMost: Self.maximumCount + 1)
        }
        guard entries.count <= Self.maximumCount else { throw .tooMany(maximum: Self.maximumCount) }
        var runtimes: [InstalledRuntime] = []
        for name in entries.compactMap(\.name).sorted() where SHA256Digest(hex: name) != nil {
            runtimes.append(try InstalledRuntime(named: name, in: store, at: path + "/" + name))
        }
        return runtimes
    }

    /// The runtime that is the component of that digest.
    public func runtime(of component: SHA256Digest) throws(RuntimeStoreError) -> InstalledRuntime? {
        try runtimes().first { $0.held.component == component }
    }
}

/// Gives an operating system's refusal this form.
func onStore<Result: ~Copyable>(
    _ body: () throws(PlatformError) -> Result
) throws(RuntimeStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw .platform(error)
    }
}

/// Why an installed runtime is not used, or a package not installed.
public enum RuntimeStoreError: Error, Equatable, Sendable {
    /// `installed.json` is not one.
    case record(String)
    /// A folder bears another name than its component's digest.
    case nameDiffers(String)
    case fileDiffers(String, String)
    case twin(String, RuntimeError)
    case tooMany(maximum: Int)
    case platform(PlatformError)
    /// A package's file is not what its twin says.
    case packageFile(String)
    /// A package's component is not its twin with its module.
    case packageComponent
    case packageTwin(RuntimeError)
    /// It is there already.
    case installed(SHA256Digest)
    /// Compiling it failed.
    case compiling(FailureReason)
    case execution(ExecutionError)
}

extension RuntimeStoreError: ExplainedError {
    public var code: String {
        switch self {
        case .record: "runtime.record"
        case .nameDiffers: "runtime.name"
        case .fileDiffers, .packageFile, .packageComponent: "runtime.file"
        case .twin(_, let error), .packageTwin(let error): error.code
        case .tooMany: "runtime.count"
        case .platform(let error): error.code
        case .installed: "runtime.installed"
        case .compiling(let reason): reason.code
        case .execution(let error): error.code
        }
    }

    public var message: String {
        switch self {
        case .record(let name): "what was noted of the runtime \(name) is not readable"
        case .nameDiffers(let name): "the folder \(name) does not bear its component's digest"
        case .fileDiffers(let name, let file): "\(file) of the runtime \(name) is another file than was installed"
        case .twin(let name, let error): "the runtime \(name): \(error.message)"
        case .tooMany(let maximum): "expected at most \(maximum) installed runtimes"
        case .platform(let error): error.message
        case .packageFile(let path): "\(path) is not the file that the runtime's component pins"
        case .packageComponent: "the package's component is not its twin with its module"
        case .packageTwin(let error): error.message
        case .installed(let digest): "the runtime \(digest.prefixed) is installed already"
        case .compiling(let reason): "the runtime was not compiled: \(reason.message)"
        case .execution(let error): error.message
        }
    }

    public var hint: String? {
        switch self {
        case .record, .nameDiffers, .fileDiffers, .twin:
            "remove that folder, and install the runtime again: `2cvm runtime install`"
        case .packageFile, .packageComponent, .packageTwin: "make the package again with scripts/python-runtime"
        case .platform(let error): error.hint
        case .compiling(let reason): reason.hint
        case .execution(let error): error.hint
        case .tooMany: "remove those that nobody uses: `2cvm runtime remove`"
        case .installed: "there is nothing to do: `2cvm run` uses it. `2cvm runtime list` shows what is installed"
        }
    }
}
