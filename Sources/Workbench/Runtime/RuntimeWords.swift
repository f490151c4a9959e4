internal import Composition
package import Execution
package import Image
internal import Platform
package import Primitives

extension RuntimeShelf {
    /// Compiles a package in a worker and installs it.
    package func install(_ path: String, _ progress: Progress) throws -> InstalledRuntime {
        progress.step("reading \(path)")
        let package = try RuntimePackage(at: path)
        let worker = try Program.sibling("2cvm-worker")
        guard NamedFile.exists(worker) else { throw CommandFailure(CommandError.noProgram(worker)) }
        let cancellation = try Cancellation()
        let settings = ExecutionSettings(
            worker: worker, policy: .reported, diagnostics: false, cancellation: cancellation)
        defer { progress.finish() }
        return try cancellation.whileInterruptsCancel {
            try own.install(package, settings) { time in
                progress.step("compiling \(package.twin.notice.name), \(Int(time / .seconds(1))) s")
            }
        }
    }
}

extension RuntimeShelf {
    /// What an image takes of the newest installed release of a runtime.
    package func imageFiles(of name: String) throws(CommandFailure) -> [BuiltImage.RuntimeFile] {
        guard let runtime = try newest(named: name), runtime.record.code.isCurrent else {
            throw CommandFailure(RuntimeFailure.noRuntime(name))
        }
        do {
            return try runtime.imageFiles().map { BuiltImage.RuntimeFile(path: $0.path, content: $0.content) }
        } catch {
            throw CommandFailure(error, in: runtime.path)
        }
    }
}

extension InstalledRuntime {
    /// `python 0.1.0 sha256:…, compiled for wasmtime 50.0.1`.
    package var summary: String {
        let notice = held.twin.notice
        let code = record.code.isCurrent ? "" : ", which this program does not load: it is compiled again in each run"
        return "\(notice.name) \(notice.release) \(held.component.prefixed), compiled for \(record.code.engine)\(code)"
    }

    /// For machines. Keys are stable.
    package var json: JSONValue {
        let notice = held.twin.notice
        return [
            "name": .string("\(notice.name)"), "release": .string(notice.release),
            "component": .string(held.component.prefixed), "folder": .string(path),
            "machineCodeBytes": .integer(record.code.byteCount), "fileBytes": .integer(notice.fileBytes),
            "engine": .string(record.code.engine), "settings": .string(record.code.settings),
            "isCurrent": .bool(record.code.isCurrent),
        ]
    }
}

/// Why a runtime is not there.
package enum RuntimeFailure: Error, Equatable {
    case noPackage
    case notInstalled(SHA256Digest)
    /// No release of the runtime of that name.
    case noRuntime(String)
}

extension RuntimeFailure: CommandFault {
    package var status: ExitStatus { .unavailable }

    package var code: String {
        switch self {
        case .noPackage: "runtime.package.missing"
        case .notInstalled, .noRuntime: "runtime.missing"
        }
    }

    package var message: String {
        switch self {
        case .noPackage: "no package of a runtime is here"
        case .notInstalled(let digest): "no runtime \(digest.prefixed) is installed here"
        case .noRuntime(let name): "the runtime \(name) is not installed"
        }
    }

    package var hint: String? {
        switch self {
        case .noPackage: "`scripts/python-runtime` in this program's checkout makes one"
        case .notInstalled: "`2cvm runtime list` shows what is; root's are removed by root"
        case .noRuntime: "install it, once: `2cvm runtime install`"
        }
    }
}
