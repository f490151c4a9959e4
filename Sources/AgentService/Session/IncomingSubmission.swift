package import AgentAPI
internal import Lifecycle
internal import Platform
internal import Sealing

/// Content on its way into one slot.
///
/// For one task at a time: bytes come in order. Dropped before ``finish()`` has returned it leaves nothing behind, and
/// the slot stays open.
package final class IncomingSubmission {
    /// Chunks that are hashed and written together: fewer hand-overs, and little memory.
    private static let batchCount = 8

    private let host: SessionHost
    private let slot: Slot
    private let permit: SubmissionPermit
    private let writer: ContentWriter

    private var stream: OpenedStream
    /// The next chunk as far as it came.
    private var partial: [UInt8] = []
    /// What was opened and not yet handed over.
    private var batch: [[UInt8]] = []
    /// What was handed over last.
    private var writing: Task<Void, any Error>?
    /// Why nothing more is taken.
    private var failure: AgentError?

    init(_ stream: OpenedStream, into slot: Slot, of host: SessionHost, permit: SubmissionPermit, writer: ContentWriter)
    {
        self.stream = stream
        self.slot = slot
        self.host = host
        self.permit = permit
        self.writer = writer
    }

    /// Bytes that the stream still has, so that a transport can refuse a wrong length at once.
    package var remainingByteCount: Int { stream.remainingByteCount - partial.count }

    /// Takes the next bytes of the stream, in pieces of any size. Returns once there is room for more.
    ///
    /// - Throws: ``AgentError``; the submission is over then.
    package func append(_ piece: some Collection<UInt8>) async throws(AgentError) {
        if let failure { throw failure }
        do {
            try await take(piece)
        } catch {
            failure = error
            throw error
        }
    }

    private func take(_ piece: some Collection<UInt8>) async throws(AgentError) {
        try permit.requireOpen()
        var rest = piece[...]
        while !rest.isEmpty {
            guard let count = stream.nextChunkByteCount else { throw .tooManyBytes }
            let taken = rest.prefix(count - partial.count)
            partial.append(contentsOf: taken)
            rest = rest[taken.endIndex...]
            guard partial.count == count else { return }
            try open()
            if batch.count == Self.batchCount { try await handOver() }
        }
    }

    /// Admits the content: the transport is at its end.
    ///
    /// - Returns: the status with the slot filled.
    package func finish() async throws(AgentError) -> SessionStatus {
        if let failure { throw failure }
        try permit.requireOpen()
        guard stream.isComplete else { throw .incomplete }
        try await handOver()
        try await wait()
        let written = try writer.finish()
        guard let written else {
            try permit.requireOpen()
            throw .storageFailed
        }
        permit.settle()
        return try await host.admit(writer.content, to: slot, written, from: stream.header)
    }

    private func open() throws(AgentError) {
        do {
            batch.append(try stream.open(partial))
        } catch {
            throw AgentError(error)
        }
        partial.removeAll(keepingCapacity: true)
    }

    /// Waits until the batch before is written, then gives this one to be written meanwhile.
    private func handOver() async throws(AgentError) {
        try await wait()
        let (writer, pieces) = (writer, batch)
        batch.removeAll(keepingCapacity: true)
        writing = Task { try await writer.append(pieces) }
    }

    private func wait() async throws(AgentError) {
        do {
            try await writing?.value
        } catch let error as AgentError {
            throw error
        } catch let error as PlatformError {
            throw AgentError(error)
        } catch {
            throw .storageFailed
        }
    }
}
