/// Content on its way into one slot.
///
/// For one task at a time: bytes come in order. Dropped before ``finish()`` it leaves nothing behind, and the slot
/// stays open.
package final class IncomingSubmission {
    init() {}

    /// Bytes that the stream has from here to its end, so that a transport can refuse a wrong Content-Length at once.
    package var remainingByteCount: Int { 0 }

    /// Takes the next bytes of the stream, in pieces of any size.
    ///
    /// Returns once there is room for more.
    package func append(_ piece: some Collection<UInt8>) async throws(AgentError) {
        throw .notLocked
    }

    /// The transport is at its end: admits the content.
    package func finish() async throws(AgentError) -> SessionStatus {
        throw .notLocked
    }
}
