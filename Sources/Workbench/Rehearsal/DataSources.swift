package import Commitments
package import Execution
package import Formats
package import Platform
internal import Primitives

/// Where a rehearsal's data comes from: the pinned data, or what stands in for it.
package struct DataSources {
    private let files: [Name: DataFile]
    private let salts: [Name: FixedBytes<32>]
    private let commitments: [Name: SHA256Digest]
    /// Entries that are not what the manifest pins.
    package let standIns: [Name]

    /// Opens every file: what cannot be opened is told before anything runs.
    package init(
        _ data: [Assignment], standIns: [StandInArgument], seed: UInt64, salts: [Assignment], for manifest: Manifest
    ) throws(CommandFailure) {
        let names = manifest.data.map(\.name)
        // Without a file it is made up: no file has an empty name.
        let assigned = standIns.map { Assignment(name: $0.name, value: $0.file ?? "") }
        let replaced = try Assignment.unique(assigned, among: names, option: "--stand-in")
        let kept = names.filter { replaced[$0] == nil }
        let given = try Assignment.complete(data, for: kept, option: "--data")
        let paths = replaced.merging(given.map { ($0.name, $0.value) }) { first, _ in first }
        self.standIns = names.filter { replaced[$0] != nil }
        let salts = try Assignment.salts(salts, for: manifest)
        self.salts = salts

        var commitments: [Name: SHA256Digest] = [:]
        for entry in manifest.data where replaced[entry.name] == nil {
            guard case .fixed(let digest) = entry.commitment else { continue }
            guard salts[entry.name] != nil else { throw CommandFailure(RunError.saltMissing(entry.name)) }
            commitments[entry.name] = digest
        }
        self.commitments = commitments

        var files: [Name: DataFile] = [:]
        for entry in manifest.data {
            guard let path = paths[entry.name] else { continue }
            files[entry.name] =
                path.isEmpty
                ? try DataFile(madeUpFor: entry, seed: seed)
                : try DataFile(path, of: entry, isPinned: commitments[entry.name] != nil)
        }
        self.files = files
    }

    /// Copies an entry to its place, and compares what was copied with its commitment.
    ///
    /// - Returns: what noise is derived from, as in a session; where no salt is known, of zeros.
    package func place(_ input: PlannedFile, in inputs: JobInputs) throws -> NoiseSource.Slot {
        guard let source = files[input.name] else { preconditionFailure("every entry was given a file") }
        let salt = salts[input.name] ?? FixedBytes(repeating: 0)
        var hasher = ContentHasher(salt: salt, byteCount: source.byteCount)
        var check = source.format.map { FormatCheck($0, maximumBytes: input.maximumBytes) }
        try source.place(at: input.path, in: inputs) { piece in
            hasher.update(piece)
            check?.observe(piece)
        }
        do throws(Misfit) {
            try check?.finish()
        } catch {
            throw CommandFailure(RunError.formatDiffers(input.name, error), in: source.path)
        }
        guard let commitment = hasher.finalize(), commitment == commitments[input.name] ?? commitment else {
            throw CommandFailure(RunError.contentDiffers(input.name), in: source.path)
        }
        return NoiseSource.Slot(salt: salt, commitment: commitment)
    }
}

/// A file that shall be an entry of a manifest's data.
package struct DataFile {
    private enum Content {
        case file(RegularFile)
        case made([UInt8])
    }

    package let path: String
    private let content: Content
    /// What the manifest says that it is.
    package let format: Format?

    package var byteCount: Int {
        switch content {
        case .file(let file): file.byteCount
        case .made(let bytes): bytes.count
        }
    }

    /// - Throws: ``RunError/formless(_:)`` where nobody says what the entry is.
    package init(madeUpFor entry: DataEntry, seed: UInt64) throws(CommandFailure) {
        // Entries of one format differ: their names are a part of what is drawn from.
        let digest = SHA256Digest(sha256: Array(entry.name.description.utf8))
        let own = digest.bytes.prefix(8).reduce(seed) { $0 &* 257 &+ UInt64($1) }
        guard let format = entry.format, let made = StandIn(format, seed: own) else {
            throw CommandFailure(RunError.formless(entry.name))
        }
        path = "the data made up for \(entry.name)"
        content = .made(made.bytes)
        self.format = format
        guard made.bytes.count <= entry.maximumBytes else {
            throw CommandFailure(RunError.tooLarge(entry.name, entry.maximumBytes), in: path)
        }
    }

    /// Copies it to its place.
    package func place(at path: String, in inputs: JobInputs, observing observe: ([UInt8]) -> Void) throws {
        switch content {
        case .file(let file): try inputs.place(file, at: path, observing: observe)
        case .made(let bytes):
            var input = try inputs.begin(path)
            try input.append(bytes)
            try input.finish()
            observe(bytes)
        }
    }

    /// - Parameter isPinned: whether the manifest commits to the very content: a longer file is then another one.
    package init(_ path: String, of entry: DataEntry, isPinned: Bool) throws(CommandFailure) {
        self.path = path
        format = entry.format
        content = .file(try Self.open(path, of: entry, isPinned: isPinned))
    }

    /// Opens a file that is no longer than the entry lets it be.
    package static func open(_ path: String, of entry: DataEntry, isPinned: Bool) throws(CommandFailure) -> RegularFile
    {
        let file = try openFile(path, upTo: entry.maximumBytes)
        guard file.byteCount > entry.maximumBytes else { return file }
        let error = isPinned ? RunError.contentDiffers(entry.name) : .tooLarge(entry.name, entry.maximumBytes)
        throw CommandFailure(error, in: path)
    }
}
