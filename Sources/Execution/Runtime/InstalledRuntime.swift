public import Composition
public import Platform
public import Primitives
internal import Synchronization
internal import WorkerJob

/// What a folder of installed runtimes says of one of them: `installed.json`.
public struct RuntimeRecord: Equatable, Sendable {
    /// SHA-256 over the component: what a manifest pins.
    public let component: SHA256Digest
    public let componentByteCount: Int
    /// SHA-256 over `twin.wasm`.
    public let twin: SHA256Digest
    public let code: Code

    /// Machine code of the runtime's module.
    public struct Code: Equatable, Sendable {
        public let digest: SHA256Digest
        public let byteCount: Int
        /// `wasmtime 50.0.1`.
        public let engine: String
        /// What it was compiled with, and for which processors.
        public let settings: String
        /// What compiling took when it was made.
        public let seconds: Int

        /// Whether this program's worker loads it, as far as its own word goes. The engine has the last.
        public var isCurrent: Bool { engine == KeptCode.engine && settings == KeptCode.settings }
    }

    static let file = "installed.json"
    static let maximumByteCount = 1 << 16

    var json: JSONValue {
        [
            "version": 1, "component": .string(component.prefixed), "componentBytes": .integer(componentByteCount),
            "twin": .string(twin.prefixed),
            "code": [
                "digest": .string(code.digest.prefixed), "bytes": .integer(code.byteCount),
                "engine": .string(code.engine), "settings": .string(code.settings),
                "seconds": .integer(code.seconds),
            ],
        ]
    }

    init(component: SHA256Digest, componentByteCount: Int, twin: SHA256Digest, code: Code) {
        self.component = component
        self.componentByteCount = componentByteCount
        self.twin = twin
        self.code = code
    }

    init(decoding bytes: [UInt8]) throws(DocumentError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, orThrow: { (error: DocumentError) in error }
        ) { reader throws(JSONShapeError) in
            try RuntimeRecord(reader)
        }
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        component = try object.required("component").digest()
        componentByteCount = try object.integer("componentBytes", in: 1...ReaderLimits.maximumByteCount)
        twin = try object.required("twin").digest()
        var code = try object.object("code")
        self.code = Code(
            digest: try code.required("digest").digest(),
            byteCount: try code.integer("bytes", in: 1...KeptCode.maximumByteCount),
            engine: try code.string("engine", maximumByteCount: 64),
            settings: try code.string("settings", maximumByteCount: 256),
            seconds: try code.integer("seconds", in: 0...86_400))
        try code.finish()
        try object.finish()
    }
}

/// A runtime that this machine has, in a folder that only root or the caller can change.
public final class InstalledRuntime: Sendable {
    static let twinFile = "twin.wasm"
    static let moduleFile = "module.wasm"
    static let codeFile = "machine-code"
    static let filesFolder = "files"

    /// The folder's own name: the component's digest.
    public let name: String
    public let path: String
    public let record: RuntimeRecord
    public let held: HeldRuntime
    private let folder: OwnedFolder
    /// The machine code, once its digest was compared: once for each agent or rehearsal.
    private let code = Mutex<RegularFile?>(nil)

    /// Opens a runtime and compares its twin with what the record says.
    ///
    /// - Throws: ``RuntimeStoreError``
    init(named name: String, in store: borrowing OwnedFolder, at path: String) throws(RuntimeStoreError) {
        self.name = name
        self.path = path
        let folder = try onStore { () throws(PlatformError) in try store.folder(name) }
        let record = try Self.record(in: folder, name)
        held = try Self.held(record, in: folder)
        self.record = record
        self.folder = folder
    }

    private static func held(
        _ record: RuntimeRecord, in folder: borrowing OwnedFolder
    ) throws(RuntimeStoreError) -> HeldRuntime {
        let name = record.component.description
        let bytes = try read(twinFile, in: folder, maximumBytes: 16 << 20)
        guard SHA256Digest(sha256: bytes) == record.twin else { throw .fileDiffers(name, twinFile) }
        do {
            return HeldRuntime(
                component: record.component, componentByteCount: record.componentByteCount,
                twin: try RuntimeTwin(decoding: bytes))
        } catch {
            throw .twin(name, error)
        }
    }

    private static func record(in folder: borrowing OwnedFolder, _ name: String) throws(RuntimeStoreError)
        -> RuntimeRecord
    {
        let bytes = try read(RuntimeRecord.file, in: folder, maximumBytes: RuntimeRecord.maximumByteCount)
        let record: RuntimeRecord
        do {
            record = try RuntimeRecord(decoding: bytes)
        } catch {
            throw .record(name)
        }
        guard record.component.description == name else { throw .nameDiffers(name) }
        return record
    }

    private static func read(
        _ file: String, in folder: borrowing OwnedFolder, maximumBytes: Int
    ) throws(RuntimeStoreError) -> [UInt8] {
        try onStore { () throws(PlatformError) in
            let opened = try folder.file(file)
            guard opened.byteCount <= maximumBytes else {
                throw PlatformError.tooLarge(action: "read \(file)", maximumBytes: maximumBytes)
            }
            return try opened.read(upTo: opened.byteCount, at: 0)
        }
    }

    /// The machine code, compared with its digest. Later calls give the same file.
    public func machineCode() throws(ExecutionError) -> RegularFile {
        if let known = code.withLock({ $0 }) { return known }
        let file = try onPlatform { () throws(PlatformError) in try folder.file(Self.codeFile) }
        guard file.byteCount == record.code.byteCount, try digest(of: file) == record.code.digest else {
            throw .machineCodeDiffers
        }
        code.withLock { $0 = file }
        return file
    }

    /// Opens one of the runtime's files. Whoever copies it compares its digest.
    func open(_ file: RuntimeNotice.File) throws(ExecutionError) -> RegularFile {
        let opened = try onPlatform { () throws(PlatformError) in
            try folder.file("\(Self.filesFolder)/\(file.relativePath)")
        }
        guard opened.byteCount == file.byteCount else { throw .runtimeFileDiffers(path: file.path) }
        return opened
    }

    /// The whole component, for an engine that the machine code was not made for.
    public func component() throws(ExecutionError) -> [UInt8] {
        let module = try onPlatform { () throws(PlatformError) in try folder.file(Self.moduleFile) }
        let bytes = try onPlatform { () throws(PlatformError) in try module.read(upTo: module.byteCount, at: 0) }
        let component = held.twin.component(containing: bytes)
        guard SHA256Digest(sha256: component) == record.component else {
            throw .runtimeFileDiffers(path: Self.moduleFile)
        }
        return component
    }

    /// What an image takes of it, by path below a folder of runtimes: all that runs it, and not what it was made of.
    public func imageFiles() throws(ExecutionError) -> [(path: String, content: [UInt8])] {
        var files = [(RuntimeRecord.file, record.json.canonicalBytes), (Self.twinFile, held.twin.bytes)]
        let code = try machineCode()
        files.append(
            (Self.codeFile, try onPlatform { () throws(PlatformError) in try code.read(upTo: code.byteCount, at: 0) }))
        for file in held.twin.notice.files {
            let opened = try open(file)
            let content = try onPlatform { () throws(PlatformError) in
                try opened.read(upTo: opened.byteCount, at: 0)
            }
            guard SHA256Digest(sha256: content) == file.digest else { throw .runtimeFileDiffers(path: file.path) }
            files.append(("\(Self.filesFolder)/\(file.relativePath)", content))
        }
        return files.map { (path: "\(name)/\($0.0)", content: $0.1) }
    }

    /// Compares everything with its digest.
    public func verify() throws(ExecutionError) {
        _ = try component()
        _ = try machineCode()
        for file in held.twin.notice.files {
            guard try digest(of: try open(file)) == file.digest else { throw .runtimeFileDiffers(path: file.path) }
        }
    }

    private func digest(of file: RegularFile) throws(ExecutionError) -> SHA256Digest {
        var hasher = SHA256Hasher()
        var offset = 0
        while true {
            let piece = try onPlatform { () throws(PlatformError) in try file.read(upTo: 1 << 20, at: offset) }
            if piece.isEmpty { return hasher.finalize() }
            hasher.update(piece)
            offset += piece.count
        }
    }
}
