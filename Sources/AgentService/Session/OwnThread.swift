internal import NIOPosix

/// Runs work that blocks for long, such as a worker's whole run, on a thread of its own.
///
/// Neither the threads that tasks share nor those of short blocking work wait for it.
func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    let threads = NIOThreadPool(numberOfThreads: 1)
    threads.start()
    defer { threads.shutdownGracefully { _ in } }
    return try await threads.runIfActive(work)
}
