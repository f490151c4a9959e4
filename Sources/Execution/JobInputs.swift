public import Platform
internal import Synchronization

/// The places for a job's inputs. They may be filled from any thread, also while the worker compiles.
public final class JobInputs: Sendable {
    private let job: Folder
    private let files: [String: PlannedFile]
    /// Paths at which nothing was begun.
    private let awaited: Mutex<Set<String>>
    /// Paths at which something was begun and not finished.
    private let begun = Mutex<Set<String>>([])

    init(_ job: consuming Folder, _ files: [PlannedFile]) {
        self.job = job
        self.files = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0) })
        awaited = Mutex(Set(files.map(\.path)))
    }

    /// Inputs that are not whole yet.
    public var missingCount: Int {
        awaited.withLock(\.count) + begun.withLock(\.count)
    }

    /// Begins an input that arrives in pieces. Possible once for each.
    ///
    /// - Parameter path: the planned file's.
    public func begin(_ path: String) throws(ExecutionError) -> ArrivingInput {
        guard let planned = files[path], awaited.withLock({ $0.remove(path) }) != nil else {
            throw .inputUnknown(path: path)
        }
        _ = begun.withLock { $0.insert(path) }
        let file = try onPlatform { () throws(PlatformError) in
            try job.create(path, maximumBytes: planned.maximumBytes)
        }
        return ArrivingInput(file, path: path, inputs: self)
    }

    /// Copies a file to its place.
    ///
    /// - Parameter observe: sees each piece as it was written: hash this, not the file, which may have changed since.
    public func place(
        _ source: RegularFile, at path: String, observing observe: ([UInt8]) -> Void = { _ in }
    ) throws(ExecutionError) {
        var input = try begin(path)
        try input.append(contentsOf: source, observing: observe)
        try input.finish()
    }

    /// Gives a file that nobody has open for writing a second name at its place: nothing is copied, and whoever owns
    /// the first name keeps it. Components can only read it.
    ///
    /// - Parameters:
    ///   - name: a file in a folder of the file system that holds the job's.
    ///   - path: the planned file's.
    /// - Throws: ``ExecutionError/platform(_:)`` with `tooLarge` when it is larger than planned.
    public func share(_ name: String, of folder: borrowing Folder, at path: String) throws(ExecutionError) {
        guard let planned = files[path], awaited.withLock({ $0.remove(path) }) != nil else {
            throw .inputUnknown(path: path)
        }
        _ = begun.withLock { $0.insert(path) }
        try link(name, of: folder, to: planned)
        finished(path)
    }

    private func link(
        _ name: String, of folder: borrowing Folder, to planned: PlannedFile
    ) throws(ExecutionError) {
        do throws(PlatformError) {
            // A second mount, or the run before, may have given it other names.
            let file = try folder.file(name, links: nil)
            guard file.byteCount <= planned.maximumBytes else {
                throw PlatformError.tooLarge(action: "place an input", maximumBytes: planned.maximumBytes)
            }
            try folder.link(name, to: job, at: planned.path)
            try file.settle(mode: 0o444)
        } catch {
            throw .platform(error)
        }
    }

    fileprivate func finished(_ path: String) {
        _ = begun.withLock { $0.remove(path) }
    }
}

/// An input on its way to its place. It counts once it is finished.
public struct ArrivingInput: ~Copyable, Sendable {
    private var file: NewFile
    private let path: String
    private let inputs: JobInputs

    fileprivate init(_ file: consuming NewFile, path: String, inputs: JobInputs) {
        self.file = file
        self.path = path
        self.inputs = inputs
    }

    /// Appends a piece.
    ///
    /// - Throws: ``ExecutionError/platform(_:)`` with `tooLarge` when the manifest's bound is passed.
    public mutating func append(_ piece: [UInt8]) throws(ExecutionError) {
        do {
            try file.append(piece)
        } catch {
            throw .platform(error)
        }
    }

    fileprivate mutating func append(
        contentsOf source: RegularFile, observing observe: ([UInt8]) -> Void
    ) throws(ExecutionError) {
        do {
            try file.append(contentsOf: source, observing: observe)
        } catch {
            throw .platform(error)
        }
    }

    /// The input is whole. Its times become the epoch, and nobody may write it any more.
    public consuming func finish() throws(ExecutionError) {
        let (path, inputs) = (path, inputs)
        do {
            try file.finish(mode: 0o444, zeroTimes: true)
        } catch {
            throw .platform(error)
        }
        inputs.finished(path)
    }
}
