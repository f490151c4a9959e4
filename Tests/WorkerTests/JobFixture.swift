import Foundation
import Platform
import Primitives
import TestSupport

/// A job folder made by hand, and the worker that is given it.
struct JobFixture {
    var binary: [UInt8]
    /// The text of `job.json`, made from the binary unless a test writes its own.
    var job: String
    var policy = WallPolicy.reported
    /// Files below the job folder besides the two.
    var files: [String: String] = [:]
    var isToGo = true
    var patience = Duration.seconds(30)

    init(_ binary: [UInt8], entry: String = "wasi:cli/run@0.2.12", diagnostics: Bool = false, preopens: String = "") {
        self.binary = binary
        job = Self.job(
            digest: SHA256Digest(sha256: binary).prefixed, entry: entry, preopens: preopens, diagnostics: diagnostics)
    }

    /// A component of Tests/Components.
    init(named name: String, diagnostics: Bool = false) throws {
        self.init(try ComponentText(named: name).binary(), diagnostics: diagnostics)
    }

    static func job(digest: String, entry: String, preopens: String, diagnostics: Bool) -> String {
        """
        {"version": 1, "composedDigest": "\(digest)", "preopens": [\(preopens)], "pipes": [], "entry": "\(entry)",
         "storeLimits": {"memoryBytes": 16777216, "tableElements": 10000,
                         "instances": 50, "tables": 50, "memories": 50},
         "hostWorld": ["wasi:cli/exit@0.2.12", "wasi:filesystem/preopens@0.2.12", "wasi:filesystem/types@0.2.12"],
         "diagnostics": \(diagnostics)}
        """
    }

    /// Makes the folder, lets `change` spoil it, runs the worker, and returns what the parent saw.
    func run(_ change: (URL) throws -> Void = { _ in }, inspect: (URL) throws -> Void = { _ in }) throws -> Outcome {
        let temporary = try TemporaryFolder()
        let folder = URL(filePath: temporary.path)
        try write(into: folder)
        try change(folder)

        var start = WorkerStart(
            executable: Self.worker, job: (temporary.path, temporary.name), policy: policy,
            limits: WorkerLimits(fileBytes: 1 << 20, memoryBytes: 1 << 30, processorSeconds: 60), diagnostics: true)
        start.name = temporary.name
        var worker = try WorkerProcess.start(start) { paths throws(PlatformError) in
            try temporary.noteGroups(paths)
        }
        let outcome = try Outcome(of: &worker, isToGo: isToGo, patience: patience)
        worker.end()
        try inspect(folder)
        return outcome
    }

    private func write(into folder: URL) throws {
        for name in ["in", "in/a"] { try make(folder, name, writable: false) }
        for name in ["out", "out/a", "log", "log/a", "tmp"] { try make(folder, name, writable: true) }
        try write(Data(binary), to: folder.appending(path: "composed.wasm"))
        try write(Data(job.utf8), to: folder.appending(path: "job.json"))
        for (name, content) in files { try write(Data(content.utf8), to: folder.appending(path: name)) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }

    private func make(_ folder: URL, _ name: String, writable: Bool) throws {
        var attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o755]
        if writable, let owner = WorkerIdentity.owner { attributes[.ownerAccountID] = NSNumber(value: owner) }
        let path = folder.appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try FileManager.default.setAttributes(attributes, ofItemAtPath: path)
    }

    private func write(_ content: Data, to file: URL) throws {
        try content.write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    }

    private static let worker = Repository.root.appending(path: ".build/release/2cvm-worker").path
}
