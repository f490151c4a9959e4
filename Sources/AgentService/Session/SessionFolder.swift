internal import Platform
internal import Synchronization

/// Where a session keeps what came and what it sealed. Removed when the last one who uses it is gone.
final class SessionFolder: Sendable {
    private let temporary: TemporaryFolder
    /// Content of slots, in plaintext.
    let staging: Folder
    /// Recipients' streams, in ciphertext.
    private let outputs: Folder
    private let lastNumber = Mutex(0)

    init(in parent: String) throws(PlatformError) {
        let temporary = try TemporaryFolder(in: parent)
        try temporary.folder.makeFolder("staging", mode: 0o700)
        try temporary.folder.makeFolder("outputs", mode: 0o700)
        staging = try temporary.folder.folder("staging")
        outputs = try temporary.folder.folder("outputs")
        self.temporary = temporary
    }

    /// A new file for a slot's content.
    func stage(maximumBytes: Int) throws(PlatformError) -> StagedFile {
        let name = nextName()
        let file = try staging.create(name, maximumBytes: maximumBytes)
        return StagedFile(file: file, content: StagedContent(name, in: self))
    }

    /// Writes a stream, or leaves nothing. The file has no name afterwards, and goes with the last one who has it.
    func keep(maximumBytes: Int, _ write: (inout NewFile) throws -> Void) throws -> RegularFile {
        let name = nextName()
        var file = try outputs.create(name, maximumBytes: maximumBytes)
        do {
            try write(&file)
            try file.finish(mode: 0o400, zeroTimes: false)
            let file = try outputs.file(name)
            try outputs.remove(name)
            return file
        } catch {
            try? outputs.remove(name)
            throw error
        }
    }

    /// Removes every file. Content that somebody still reads or writes is gone when they let go of it.
    func erase() {
        try? staging.removeContents()
        try? outputs.removeContents()
    }

    /// Numbers are used once, so that a name never comes to mean another content.
    private func nextName() -> String {
        lastNumber.withLock { number in
            number += 1
            return String(number)
        }
    }
}

/// A file that is being written, and the content that it becomes.
struct StagedFile: ~Copyable {
    var file: NewFile
    let content: StagedContent
}

/// Content that waits in its file. The file is removed with it, unless it was moved away.
final class StagedContent: Sendable {
    let name: String
    let folder: SessionFolder

    init(_ name: String, in folder: SessionFolder) {
        self.name = name
        self.folder = folder
    }

    deinit {
        remove()
    }

    /// Removes the file. Fails where it was moved away, as it should.
    func remove() {
        try? folder.staging.remove(name)
    }

    /// Opens what was written.
    func open() throws(PlatformError) -> RegularFile {
        // A run may have given it a second name.
        try folder.staging.file(name, links: nil)
    }
}
