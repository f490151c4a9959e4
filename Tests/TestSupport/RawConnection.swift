import Foundation
import Glibc

/// A TCP connection to this machine that sends any bytes, well-formed or not. Blocks: use it ``offPool(_:)``.
public final class RawConnection {
    private let descriptor: Int32

    public enum Failure: Error {
        case system(String, errno: Int32)
        case timeout
        /// The peer has ended the connection, with what had come until then.
        case ended([UInt8])
    }

    /// Connects to `127.0.0.1:port`. No call waits for longer than a minute.
    ///
    /// - Parameter source: the last byte of this end's own address in 127.0.0.0/8.
    public init(port: Int, from source: UInt8 = 1) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure.system("socket", errno: errno) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        // The usual address is the system's to choose, together with a port.
        if source != 1 {
            let own = Self.address(0x7F00_0000 | UInt32(source), port: 0)
            guard unsafe Self.with(own, { unsafe bind(descriptor, $0, $1) }) == 0 else {
                throw Failure.system("bind", errno: errno)
            }
        }
        let peer = Self.address(0x7F00_0001, port: UInt16(port))
        guard unsafe Self.with(peer, { unsafe connect(descriptor, $0, $1) }) == 0 else {
            throw Failure.system("connect", errno: errno)
        }
    }

    deinit { close(descriptor) }

    private static func address(_ host: UInt32, port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(host).bigEndian
        return address
    }

    private static func with(
        _ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Sends all of it.
    ///
    /// - Returns: `false` when the peer has ended the connection.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends all of it.
    @discardableResult
    public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Says that nothing more will be sent.
    public func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What is there, at least a byte; nothing once the peer has ended the connection, in whichever way.
    public func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN { throw Failure.timeout }
        return Array(buffer.prefix(max(0, count)))
    }

    /// Everything until the peer ends the connection.
    public func receiveToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try receive()
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }

    /// Whether something is there to be received, the end included.
    public func isReadable() throws -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let count = unsafe poll(&waiting, 1, 0)
        guard count >= 0 else { throw Failure.system("poll", errno: errno) }
        return count > 0
    }

    private var pending: [UInt8] = []

    /// The next answer, whole. Its body is as long as its Content-Length says, and absent without one.
    ///
    /// - Parameter isHead: whether the request was one whose answer has no body.
    public func answer(isHead: Bool = false) throws -> RawAnswer {
        while true {
            if let answer = RawAnswer(&pending, isHead: isHead) { return answer }
            let piece = try receive()
            guard !piece.isEmpty else { throw Failure.ended(pending) }
            pending += piece
        }
    }
}

/// An HTTP/1.1 answer as it came.
public struct RawAnswer: Sendable {
    public let status: Int
    /// By lowercase name.
    public let fields: [String: String]
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The `code` of a problem.
    public var code: String? {
        let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        return object?["code"] as? String
    }

    /// Takes one answer from the front of `bytes` when all of it is there.
    public init?(_ bytes: inout [UInt8], isHead: Bool = false) {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) }) else {
            return nil
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let count = isHead ? 0 : Int(fields["content-length"] ?? "0") ?? 0
        guard bytes.count >= end + 4 + count else { return nil }
        self.status = status
        self.fields = fields
        body = Array(bytes[end + 4..<end + 4 + count])
        bytes.removeFirst(end + 4 + count)
    }
}

/// Runs what blocks on a thread of its own: the few threads of the language's pool may serve what it waits for.
public func offPool<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Swift.Result { try body() })
        }
    }
}
