public import Composition
internal import Platform
public import Primitives
internal import WorkerJob

/// A runtime as scripts/python-runtime makes it, in a folder. Every byte was compared with what the component pins.
public struct RuntimePackage: Sendable {
    public let twin: RuntimeTwin
    public let component: SHA256Digest
    public let componentByteCount: Int
    let module: [UInt8]
    private let path: String

    /// Reads twin and module, makes the component of them, and compares it and every file.
    ///
    /// - Throws: ``RuntimeStoreError``
    public init(at path: String) throws(RuntimeStoreError) {
        self.path = path
        let maximum = ReaderLimits.maximumByteCount
        let bytes = try Self.read(path + "/twin.wasm", maximumBytes: 16 << 20)
        do {
            twin = try RuntimeTwin(decoding: bytes)
        } catch {
            throw .packageTwin(error)
        }
        module = try Self.read(path + "/module.wasm", maximumBytes: maximum)
        guard SHA256Digest(sha256: module) == twin.notice.module else { throw .packageFile("module.wasm") }
        let whole = twin.component(containing: module)
        guard try Self.read(path + "/component.wasm", maximumBytes: maximum) == whole else { throw .packageComponent }
        component = SHA256Digest(sha256: whole)
        componentByteCount = whole.count
        for file in twin.notice.files {
            let content = try content(of: file)
            guard content.count == file.byteCount, SHA256Digest(sha256: content) == file.digest else {
                throw .packageFile(file.path)
            }
        }
    }

    func content(of file: RuntimeNotice.File) throws(RuntimeStoreError) -> [UInt8] {
        try Self.read(path + "/files" + file.path, maximumBytes: file.byteCount)
    }

    private static func read(_ path: String, maximumBytes: Int) throws(RuntimeStoreError) -> [UInt8] {
        do throws(PlatformError) {
            let file = try RegularFile(path: path)
            guard file.byteCount <= maximumBytes else {
                throw PlatformError.tooLarge(action: "read \(path)", maximumBytes: maximumBytes)
            }
            return try file.read(upTo: file.byteCount, at: 0)
        } catch {
            throw .platform(error)
        }
    }
}

extension ExecutionPlan {
    /// What compiling a core module takes: it is all that this worker sees.
    init(keepingCodeOf package: RuntimePackage) {
        let path = "out/runtime/machine-code"
        let job = Job.keepingCode(of: package.twin.notice.module, at: path, diagnostics: false)
        let code = PlannedFile(name: package.twin.notice.name, path: path, maximumBytes: KeptCode.maximumByteCount)
        self.init(
            job: job.json.canonicalBytes, composed: package.module, folders: ["out", "out/runtime"],
            files: ([], [code], []),
            limits: ExecutionLimits(
                compileSeconds: Self.keptCodeSeconds, wallTimeSeconds: 600,
                memoryBytes: Self.memoryBytes(0, package.module.count) + KeptCode.maximumByteCount))
    }

    private static let keptCodeSeconds = 3_600
}
