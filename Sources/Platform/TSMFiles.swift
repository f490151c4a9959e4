internal import Glibc

/// An `errno`.
package struct SystemNumber: Error, Equatable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}

/// The few things that configfs is asked for: what tests replace.
package protocol TSMFiles: Sendable {
    func makeFolder(_ path: String) throws(SystemNumber)
    func removeFolder(_ path: String)
    /// One `write`: configfs takes a value whole.
    func write(_ bytes: [UInt8], to path: String) throws(SystemNumber)
    /// - Throws: `EFBIG` for more than `maximumByteCount` bytes.
    func read(_ path: String, maximumByteCount: Int) throws(SystemNumber) -> [UInt8]
}

/// The kernel's.
struct SystemTSMFiles: TSMFiles {
    func makeFolder(_ path: String) throws(SystemNumber) {
        guard unsafe mkdir(path, 0o700) == 0 else { throw SystemNumber(rawValue: errno) }
    }

    func removeFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    func write(_ bytes: [UInt8], to path: String) throws(SystemNumber) {
        let descriptor = try open(path, O_WRONLY)
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let error = errno
        // Binary values take effect when they are closed, and their errors show there or when the report is read.
        guard close(descriptor) == 0 else { throw SystemNumber(rawValue: errno) }
        guard count >= 0 else { throw SystemNumber(rawValue: error) }
        guard count == bytes.count else { throw SystemNumber(rawValue: EIO) }
    }

    func read(_ path: String, maximumByteCount: Int) throws(SystemNumber) -> [UInt8] {
        let descriptor = try open(path, O_RDONLY)
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                guard errno == EINTR else { throw SystemNumber(rawValue: errno) }
                continue
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= maximumByteCount else { throw SystemNumber(rawValue: EFBIG) }
            bytes += piece[..<count]
        }
    }

    private func open(_ path: String, _ access: Int32) throws(SystemNumber) -> Int32 {
        let descriptor = unsafe Glibc.open(path, access | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemNumber(rawValue: errno) }
        return descriptor
    }
}
