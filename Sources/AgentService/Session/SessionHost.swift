package import Keys
package import Primitives
internal import Sealing

/// The one running session of this machine: feeds events to its state machine and does what comes out.
package actor SessionHost {
    /// The largest stream that ``lock(_:)`` takes: 2 MiB of content.
    package static let maximumLockByteCount = StreamFormat.streamByteCount(ofContent: 2 << 20)
    /// The size of every withdrawal: a stream without content.
    package static let withdrawalByteCount = StreamFormat.streamByteCount(ofContent: 0)
    /// The size of what ``beginSubmission(_:)`` takes: the stream before its content.
    package static let prologueByteCount = StreamFormat.prologueByteCount

    /// The session's public keys.
    package nonisolated let identity: SessionPublicKeys
    private let board: SessionStatus

    /// Begins a session that waits for its manifest.
    ///
    /// - Throws: ``AgentError/storageFailed`` when the configuration's folder cannot be used.
    package init(
        _ configuration: AgentConfiguration, keys: SessionKeys, evidence: any BundleMaker
    ) throws(AgentError) {
        identity = keys.identity
        board = SessionStatus(
            stage: .awaitingManifest, manifestDigest: configuration.hostData,
            sessionID: keys.identity.sessionID(manifestDigest: configuration.hostData), totalSlots: 0, filledSlots: 0,
            isSimulated: configuration.isSimulated)
    }

    /// Where the session stands. Waits for nothing.
    package nonisolated var status: SessionStatus { board }

    /// The status now and after each change, until the session has ended. A slow reader misses what lay between.
    package nonisolated func statusChanges() -> AsyncStream<SessionStatus> {
        AsyncStream { $0.finish() }
    }

    /// Locks the session: opens a stream of purpose `lock`, and takes the signed manifest in it.
    ///
    /// - Parameter stream: the whole of it, at most ``maximumLockByteCount`` bytes.
    package func lock(_ stream: [UInt8]) async throws(AgentError) -> SessionStatus { throw .notLocked }

    /// Ends the session before it executes, at a participant's wish.
    ///
    /// - Parameter stream: of purpose `withdrawal`, ``withdrawalByteCount`` bytes.
    package func withdraw(_ stream: [UInt8]) async throws(AgentError) -> SessionStatus { throw .notLocked }

    /// Begins to take content for a slot.
    ///
    /// - Parameter prologue: the first ``prologueByteCount`` bytes of a stream of purpose `submission`.
    package nonisolated func beginSubmission(_ prologue: [UInt8]) async throws(AgentError) -> sending IncomingSubmission
    {
        throw .notLocked
    }

    /// A participant's finished stream.
    ///
    /// - Throws: ``AgentError/outputsPending`` until the run has finished, whatever the token;
    ///   ``AgentError/outputsUnknown``.
    package func outputs(_ token: FixedBytes<32>) throws(AgentError) -> SealedOutputs { throw .outputsPending }

    /// Lets time pass, once a second, until the task is cancelled or the session has ended.
    package func runTimers() async {}

    /// Erases everything, at the operator's wish. A run is killed, streams end. Afterwards the stage is `ended`.
    package func end() async {}
}
