internal import Composition
internal import Platform
public import Primitives
internal import WorkerJob

extension RuntimeStore {
    /// Compiles a package's module in a worker that sees nothing else, and keeps the machine code beside the package's
    /// files. All of it appears at once, or nothing.
    ///
    /// - Parameter watch: is told now and then how long compiling has taken.
    /// - Throws: ``RuntimeStoreError``; ``RuntimeStoreError/installed(_:)`` where it is there already.
    public func install(
        _ package: RuntimePackage, _ settings: ExecutionSettings, watch: (Duration) -> Void = { _ in }
    ) throws(RuntimeStoreError) -> InstalledRuntime {
        let name = package.component.description
        let store = try onStore { () throws(PlatformError) in
            try NamedFile.makeFolders(path)
            return try OwnedFolder(path: path)
        }
        guard try runtime(of: package.component) == nil else { throw .installed(package.component) }
        let (code, seconds) = try compile(package, settings, watch)
        // Whoever installs at the same time makes a folder of another name; the first one to be whole stays.
        let part = ".part-\(Program.identifier)"
        do throws(RuntimeStoreError) {
            let folder = try Self.make(part, in: store)
            try write(package, code, seconds, in: folder)
            try onStore { () throws(PlatformError) in try store.folder.rename(part, to: name) }
        } catch {
            try? store.folder.removeFolder(part)
            throw error
        }
        return try InstalledRuntime(named: name, in: store, at: path + "/" + name)
    }

    /// Removes an installed runtime, whole or broken.
    ///
    /// - Parameter component: the digest that its folder bears.
    /// - Returns: whether there was one.
    public func remove(_ component: SHA256Digest) throws(RuntimeStoreError) -> Bool {
        guard NamedFile.exists(path + "/" + component.description) else { return false }
        do throws(PlatformError) {
            try OwnedFolder(path: path).folder.removeFolder(component.description)
        } catch {
            throw .platform(error)
        }
        return true
    }
}

extension RuntimeStore {
    private func compile(
        _ package: RuntimePackage, _ settings: ExecutionSettings, _ watch: (Duration) -> Void
    ) throws(RuntimeStoreError) -> (code: CollectedOutput, seconds: Int) {
        let plan = ExecutionPlan(keepingCodeOf: package)
        do throws(ExecutionError) {
            var run = try PreparedRun.prepare(plan, settings)
            if let failure = try run.awaitCompilation(watch: watch) { throw .failed(failure) }
            let report = try run.run()
            switch report.outcome {
            case .failed(let reason): throw .failed(reason)
            case .completed(let outputs):
                guard let code = outputs.first else { throw .machineCodeDiffers }
                return (code, Int(report.compileTime / .seconds(1)))
            }
        } catch .failed(let reason) {
            throw .compiling(reason)
        } catch {
            throw .execution(error)
        }
    }

    private func write(
        _ package: RuntimePackage, _ code: CollectedOutput, _ seconds: Int, in folder: borrowing Folder
    ) throws(RuntimeStoreError) {
        var hasher = SHA256Hasher()
        do throws(PlatformError) {
            var file = try folder.create(InstalledRuntime.codeFile, maximumBytes: code.byteCount)
            while file.byteCount < code.byteCount {
                let piece = try code.read(upTo: 1 << 20, at: file.byteCount)
                hasher.update(piece)
                try file.append(piece)
            }
            try file.finish(mode: Self.readable, zeroTimes: false)
            try Self.put(package.twin.bytes, at: InstalledRuntime.twinFile, in: folder)
            try Self.put(package.module, at: InstalledRuntime.moduleFile, in: folder)
        } catch {
            throw .platform(error)
        }
        for file in package.twin.notice.files {
            let content = try package.content(of: file)
            do throws(PlatformError) {
                let path = "\(InstalledRuntime.filesFolder)/\(file.relativePath)"
                try folder.makeFolder(path.split(separator: "/").dropLast().joined(separator: "/"), mode: 0o755)
                try Self.put(content, at: path, in: folder)
            } catch {
                throw .platform(error)
            }
        }
        let record = RuntimeRecord(
            component: package.component, componentByteCount: package.componentByteCount,
            twin: SHA256Digest(sha256: package.twin.bytes),
            code: RuntimeRecord.Code(
                digest: hasher.finalize(), byteCount: code.byteCount, engine: KeptCode.engine,
                settings: KeptCode.settings, seconds: seconds))
        do throws(PlatformError) {
            try Self.put(record.json.canonicalBytes, at: RuntimeRecord.file, in: folder)
        } catch {
            throw .platform(error)
        }
    }

    private static func make(_ name: String, in store: borrowing OwnedFolder) throws(RuntimeStoreError) -> Folder {
        do throws(PlatformError) {
            // Of an installation that was broken off.
            try? store.folder.removeFolder(name)
            try store.folder.makeFolder(name)
            return try store.folder.folder(name)
        } catch {
            throw .platform(error)
        }
    }

    private static let readable: UInt32 = 0o444

    private static func put(
        _ content: [UInt8], at path: String, in folder: borrowing Folder
    ) throws(PlatformError) {
        var file = try folder.create(path, maximumBytes: content.count)
        try file.append(content)
        try file.finish(mode: readable, zeroTimes: false)
    }
}
