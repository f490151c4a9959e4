internal import AgentAPI
internal import Commitments
internal import Formats
internal import Lifecycle
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
        private var part: PartReader?

        /// The digest that code is pinned by.
        init() {
            plain = SHA256Hasher()
        }

        /// The commitment to data.
        init(salt: FixedBytes<32>, byteCount: Int) {
            salted = ContentHasher(salt: salt, byteCount: byteCount)
        }

        /// The commitment to what another session sends: its salt and its size are in the content.
        init(partOf byteCount: Int, from session: SHA256Digest) {
            part = PartReader(contentByteCount: byteCount, from: session)
        }

        /// Takes the next piece.
        ///
        /// - Returns: what of it belongs into the slot.
        mutating func update(_ piece: [UInt8]) throws(AgentError) -> [UInt8] {
            guard part != nil else {
                plain?.update(piece)
                salted?.update(piece)
                return piece
            }
            return try part?.take(piece) ?? []
        }

        func finalize(_ byteCount: Int) -> Written? {
            if let part { return part.finalize() }
            return (plain?.finalize() ?? salted?.finalize()).map {
                Written(digest: $0, byteCount: byteCount, part: nil, salt: nil)
            }
        }
    }

    /// What came, and how it was committed to.
    struct Written: Sendable {
        let digest: SHA256Digest
        let byteCount: Int
        /// Where another session sent it.
        let part: PeerPart?
        /// Where the content has it, and not the header.
        let salt: FixedBytes<32>?
    }

    private struct State: ~Copyable {
        var file: NewFile?
        var hasher: Hasher
        var byteCount = 0
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
                    let content = try state.hasher.update(piece)
                    state.byteCount += content.count
                    do {
                        try state.check?.take(content)
                    } catch {
                        throw AgentError.formatDiffers
                    }
                    try state.file?.append(content)
                }
            }
        }
    }

    /// Closes the file.
    ///
    /// - Returns: what was written, or `nil` where the file was given up.
    func finish() throws(AgentError) -> Written? {
        try state.withLock { state throws(AgentError) in
            guard let file = state.file.take() else { return nil }
            guard let written = state.hasher.finalize(state.byteCount) else { throw .incomplete }
            // A session that released nothing sent nothing that could have a format.
            if written.part?.isReleased != false {
                do {
                    try state.check?.finish()
                } catch {
                    throw .formatDiffers
                }
            }
            do throws(PlatformError) {
                try file.finish(mode: 0o400, zeroTimes: true)
            } catch {
                throw AgentError(error)
            }
            return written
        }
    }

    /// Gives the file up: when this returns, nothing of it is left, and what still comes goes nowhere.
    func giveUp() {
        state.withLock { $0.file = nil }
        content.remove()
    }
}
