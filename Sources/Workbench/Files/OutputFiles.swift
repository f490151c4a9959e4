package import Client
package import Commitments
internal import Evidence
internal import Execution
internal import Platform
internal import Verification

/// The files that a fetch leaves: all of them, or none. Nothing is ever replaced.
package actor OutputFiles {
    /// What lies beside the outputs. Names of outputs have no dot, so none can be one of these.
    package static let receipt = "receipt.json", evidence = "evidence.json", appraisal = "appraisal.json"
    package static let salts = SaltsFile.fileName, notice = "notice.txt", deliveries = "deliveries.json"

    private let folder: String
    private var reader: OutputsReader
    private let sink: FolderSink

    /// - Throws: when a file of that name exists already: nothing has been asked of anyone by then.
    package init(_ folder: String, outputs: [Output], reader: OutputsReader) throws(CommandFailure) {
        self.folder = folder
        self.reader = reader
        guard !NamedFile.exists(folder) || NamedFile.exists(folder + "/.") else {
            throw CommandFailure(CommandError.notAFolder(folder))
        }
        let own = [Self.receipt, Self.evidence, Self.appraisal, Self.salts, Self.notice]
        for name in own + outputs.map(\.name.description) where NamedFile.exists("\(folder)/\(name)") {
            throw CommandFailure(CommandError.outputExists("\(folder)/\(name)"))
        }
        do {
            try NamedFile.makeFolders(folder)
        } catch {
            throw CommandFailure(error)
        }
        sink = FolderSink(folder)
    }

    /// Takes the next bytes of the stream.
    package func append(_ bytes: [UInt8]) throws {
        try reader.append(bytes, to: sink)
    }

    /// Verifies that everything has come, and gives the files their names.
    ///
    /// - Parameter record: the signed appraisal record, where there is one.
    package func finish(record: [UInt8]?) throws -> VerifiedOutputs {
        let verified = try reader.finish()
        var files: [(name: String, content: [UInt8])] = [
            (Self.receipt, verified.receiptFile), (Self.evidence, verified.evidence.encoded),
        ]
        if let record { files.append((Self.appraisal, record)) }
        if !verified.outputs.isEmpty { files.append((Self.salts, SaltsFile(verified.outputs).encoded)) }
        if let notice = verified.notice { files.append((Self.notice, Array(escaped(Array(notice.utf8)).utf8))) }
        var made: [String] = []
        do {
            for file in files {
                let path = "\(folder)/\(file.name)"
                try NamedFile.create(path, file.content, mode: 0o600)
                made.append(path)
            }
            for output in sink.outputs {
                let path = "\(folder)/\(output.name)"
                try output.file.finish(as: path)
                made.append(path)
            }
        } catch {
            for path in made { try? NamedFile.remove(path) }
            throw error
        }
        return verified
    }
}

/// Outputs under names that say that they are not whole.
private final class FolderSink: OutputsSink {
    private let folder: String
    private(set) var outputs: [(name: Name, file: GrowingFile)] = []

    init(_ folder: String) {
        self.folder = folder
    }

    func begin(_ output: Name) throws {
        outputs.append((output, try GrowingFile("\(folder)/.\(output).part")))
    }

    func append(_ piece: [UInt8]) throws {
        try outputs.last?.file.append(piece)
    }
}
