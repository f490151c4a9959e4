internal import CPlatform
internal import Glibc

/// Owns a file descriptor: closed exactly once, when its owner goes away.
public struct Descriptor: ~Copyable, Sendable {
    package let number: Int32

    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        _ = close(number)
    }

    /// Gives the number away; it is no longer closed here.
    package consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}

extension Descriptor {
    /// Reads once: what is there, at most `maximumBytes`; nothing at the end. `nil` when there is nothing *yet*.
    package func readAvailable(upTo maximumBytes: Int) throws(PlatformError) -> [UInt8]? {
        var error: Int32 = 0
        let number = number
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: maximumBytes) { buffer, count in
            let result = retryingInterrupts { unsafe Glibc.read(number, buffer.baseAddress, maximumBytes) }
            error = result < 0 ? errno : 0
            count = max(result, 0)
        }
        if error == EAGAIN { return nil }
        guard error == 0 else { throw .system(action: "read", error: ErrorNumber(error)) }
        return bytes
    }

    /// Reads at most `maximumBytes` from `offset` on, fewer only at the end.
    package func read(upTo maximumBytes: Int, at offset: Int) throws(PlatformError) -> [UInt8] {
        var error: Int32 = 0
        let number = number
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: maximumBytes) { buffer, count in
            while count < maximumBytes {
                let start = unsafe buffer.baseAddress?.advanced(by: count)
                let result = retryingInterrupts {
                    unsafe pread(number, start, maximumBytes - count, offset + count)
                }
                if result < 0 { error = errno }
                guard result > 0 else { break }
                count += result
            }
        }
        guard error == 0 else { throw .system(action: "read", error: ErrorNumber(error)) }
        return bytes
    }

    /// What is left to read, in a file that lies in memory and has no name.
    ///
    /// - Parameter maximumBytes: one byte more is read of what is longer.
    func copied(upTo maximumBytes: Int) throws(PlatformError) -> Descriptor {
        let copy = Descriptor(owning: try succeeded(unsafe cp_memory_file("2cvm-input"), "make a file in memory"))
        var count = 0
        while count <= maximumBytes {
            guard let piece = try readAvailable(upTo: min(1 << 18, maximumBytes - count + 1)) else {
                var waiting = pollfd(fd: self.number, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&waiting, 1, -1)
                continue
            }
            if piece.isEmpty { break }
            try copy.write(piece)
            count += piece.count
        }
        return copy
    }

    /// Writes all of `bytes`.
    package func write(_ bytes: [UInt8]) throws(PlatformError) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                retryingInterrupts {
                    unsafe Glibc.write(number, buffer.baseAddress?.advanced(by: written), buffer.count - written)
                }
            }
            guard result > 0 else { throw .system(action: "write", error: ErrorNumber(errno)) }
            written += result
        }
    }

    /// What `fstat` says.
    func status() throws(PlatformError) -> stat {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else {
            throw .system(action: "read a file's status", error: ErrorNumber(errno))
        }
        return status
    }
}

/// A pipe's two ends, both close-on-exec.
struct Pipe: ~Copyable {
    let reader: Descriptor
    let writer: Descriptor

    /// - Parameter blocking: whether reading waits for data.
    init(blocking: Bool) throws(PlatformError) {
        var ends: [Int32] = [-1, -1]
        try succeeded(unsafe cp_pipe(&ends), "make a pipe")
        // Never fails for a descriptor that was just made.
        if !blocking { _ = fcntl(ends[0], F_SETFL, O_NONBLOCK) }
        reader = Descriptor(owning: ends[0])
        writer = Descriptor(owning: ends[1])
    }

    /// Keeps the reading end alone, so that it ends when the last other writer does.
    consuming func closingWriter() -> Descriptor { reader }
}

/// Calls again while a signal got in the way.
private func retryingInterrupts(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// A descriptor's number, or -1 for none: what is passed over in a poll.
func number(of descriptor: borrowing Descriptor?) -> Int32 {
    switch descriptor {
    case .some(let descriptor): descriptor.number
    case .none: -1
    }
}
