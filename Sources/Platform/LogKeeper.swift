internal import CPlatform

/// Reads the pipes that components print to, on a thread of its own: it keeps the beginning of each stream and lets the
/// rest go, so that no write fails and none waits for long.
@safe
public struct LogKeeper: ~Copyable {
    /// A pipe, and what becomes of what comes out of it. Paths lie below the folder.
    public struct Log: Sendable {
        let pipe: String
        let file: String
        let maximumBytes: Int

        /// - Parameters:
        ///   - file: made when it is not there. Nothing is, where nothing may be kept.
        ///   - maximumBytes: how much of the stream is kept.
        public init(pipe: String, file: String, maximumBytes: Int) {
            self.pipe = pipe
            self.file = file
            self.maximumBytes = maximumBytes
        }
    }

    private let keeper: OpaquePointer?

    /// Opens every pipe, which must exist, and begins to read.
    public init(_ logs: [Log], in folder: borrowing Folder) throws(PlatformError) {
        var started: OpaquePointer?
        let paths = logs.map { (pipe: Array($0.pipe.utf8CString), file: Array($0.file.utf8CString)) }
        var result: Int32 = 0
        // One block for all paths, since a C array of them needs them to stay where they are.
        let text = paths.flatMap { $0.pipe + $0.file }
        unsafe text.withUnsafeBufferPointer { buffer in
            var entries: [cp_log] = unsafe []
            var offset = 0
            for (index, path) in paths.enumerated() {
                guard let start = buffer.baseAddress else { continue }
                unsafe entries.append(
                    cp_log(
                        pipe: start + offset, file: start + offset + path.pipe.count,
                        maximum_bytes: UInt64(logs[index].maximumBytes)))
                offset += path.pipe.count + path.file.count
            }
            result = unsafe cp_keep_logs(folder.descriptor.number, entries, entries.count, &started)
        }
        _ = try succeeded(result, "read what components print")
        unsafe keeper = started
    }

    /// Keeps what is still in the pipes, and ends.
    deinit {
        if let keeper = unsafe keeper { unsafe cp_finish_logs(keeper) }
    }
}
