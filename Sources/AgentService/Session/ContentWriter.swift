internal import AgentAPI
internal import Commitments
internal import Formats
internal import NIOPosix
internal import Platform
internal import Primitives
internal import Synchronization

/// Hashes content and writes it to its file, on threads that may block, while its sender's next bytes are opened.
final class ContentWriter: Sendable {
    /// What a slot's content is compared by.
    struct Hasher: Sendable {
        private var plain: SHA256Hasher?
        private var salted: ContentHasher?

        /// The digest that code is pinned by.
        init() {
            plain = SHA256Hasher()
        }

        /// The commitment to data.
        init(salt: FixedBytes<32>, byteCount: Int) {
            salted = ContentHasher(salt: salt, byteCount: byteCount)
        }

        mutating func update(_ piece: [UInt8]) {
            plain?.update(piece)
            salted?.update(piece)
        }

        func finalize() -> SHA256Digest? { plain?.finalize() ?? salted?.finalize() }
    }

    private struct State: ~Copyable {
        var file: NewFile?
        var hasher: Hasher
        var check: FormatCheck?
    }

    /// The file's content, once ``finish()`` has returned.
    let content: StagedContent
    private let state: Mutex<State>

    /// - Parameter check: what the manifest says that the content is, where it says so.
    init(_ staged: consuming StagedFile, hashedBy hasher: Hasher, _ check: FormatCheck? = nil) {
        content = staged.content
        state = Mutex(State(file: staged.file, hasher: hasher, check: check))
    }

    /// Takes the next pieces. Not to be called again before it has returned.
    ///
    /// - Throws: ``AgentError/formatDiffers`` as soon as the content is not what the manifest says.
    func append(_ pieces: [[UInt8]]) async throws {
        try await NIOThreadPool.singleton.runIfActive {
            try self.state.withLock { state in
                for piece in pieces {
                    state.hasher.update(piece)
                    do {
                        try state.check?.take(piece)
                    } catch {
                        throw AgentError.formatDiffers
                    }
                    try state.file?.append(piece)
                }
            }
        }
    }

    /// Closes the file.
    ///
    /// - Returns: the digest of everything that was written, or `nil` where the file was given up.
    func finish() throws(AgentError) -> SHA256Digest? {
        try state.withLock { state throws(AgentError) in
            guard let file = state.file.take() else { return nil }
            do {
                try state.check?.finish()
            } catch {
                throw .formatDiffers
            }
            do throws(PlatformError) {
                try file.finish(mode: 0o400, zeroTimes: true)
            } catch {
                throw AgentError(error)
            }
            return state.hasher.finalize()
        }
    }

    /// Gives the file up: when this returns, nothing of it is left, and what still comes goes nowhere.
    func giveUp() {
        state.withLock { $0.file = nil }
        content.remove()
    }
}
