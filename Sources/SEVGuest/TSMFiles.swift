public import Platform
internal import Glibc

extension ErrorNumber: Error {}

/// The few things that configfs is asked for: what tests replace.
package protocol TSMFiles: Sendable {
    func makeFolder(_ path: String) throws(ErrorNumber)
    func removeFolder(_ path: String)
    /// One `write`: configfs takes a value whole.
    func write(_ bytes: [UInt8], to path: String) throws(ErrorNumber)
    /// - Throws: `EFBIG` for more than `maximumByteCount` bytes.
    func read(_ path: String, maximumByteCount: Int) throws(ErrorNumber) -> [UInt8]
}

/// The kernel's.
struct SystemTSMFiles: TSMFiles {
    func makeFolder(_ path: String) throws(ErrorNumber) {
        guard unsafe mkdir(path, 0o700) == 0 else { throw ErrorNumber(errno) }
    }

    func removeFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    func write(_ bytes: [UInt8], to path: String) throws(ErrorNumber) {
        let file = try open(path, O_WRONLY)
        do throws(PlatformError) {
            // Binary values take effect when the file is closed; their errors show when the report is read.
            try file.write(bytes)
        } catch {
            throw number(of: error)
        }
    }

    func read(_ path: String, maximumByteCount: Int) throws(ErrorNumber) -> [UInt8] {
        let file = try open(path, O_RDONLY)
        let bytes: [UInt8]
        do throws(PlatformError) {
            bytes = try file.read(upTo: maximumByteCount + 1, at: 0)
        } catch {
            throw number(of: error)
        }
        guard bytes.count <= maximumByteCount else { throw ErrorNumber(EFBIG) }
        return bytes
    }

    private func open(_ path: String, _ access: Int32) throws(ErrorNumber) -> Descriptor {
        let number = unsafe Glibc.open(path, access | O_CLOEXEC)
        guard number >= 0 else { throw ErrorNumber(errno) }
        return Descriptor(owning: number)
    }

    private func number(of error: PlatformError) -> ErrorNumber {
        if case .system(_, let number) = error { number } else { ErrorNumber(EIO) }
    }
}
