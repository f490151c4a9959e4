internal import NIOCore
internal import NIOHTTP1
internal import Pages
internal import Platform
internal import Primitives
internal import Synchronization

/// What all connections share: the door, and the folder that pages are read from.
final class Visitors: Sendable {
    /// The file that lets a browser in.
    static let openingFile = "open.html"
    private static let maximumPageByteCount = 8 << 20
    private static let maximumConnectionCount = 16

    private let path: String
    private let folder: Folder
    /// None before the port is known.
    private let door = Mutex<Door?>(nil)
    private let connectionCount = Mutex(0)

    /// - Parameter path: of a folder that is its owner's alone.
    init(_ path: String) throws(PlatformError) {
        self.path = path
        folder = try Folder(path: path)
    }

    /// Begins to let browsers in.
    ///
    /// - Returns: where.
    func open(at port: Int) throws -> String {
        let door = Door(port: port, path: randomBytes(), cookie: randomBytes())
        self.door.withLock { $0 = door }
        try renew()
        return door.address
    }

    /// Writes the file with a token of its own.
    private func renew() throws {
        let token: FixedBytes<32> = randomBytes()
        let address = door.withLock { door in
            door?.expect(token)
            return door?.address
        }
        guard let address else { return }
        try NamedFile.replace(
            "\(path)/\(Self.openingFile)", Page(enteringAt: address, with: "\(token)").encoded, mode: 0o600)
    }

    /// Judges a request and carries the verdict out.
    func answer(to visit: Visit) -> Answer? {
        let judged = door.withLock { door -> (Door, Door.Verdict)? in
            guard let verdict = door?.verdict(on: visit), let door else { return nil }
            return (door, verdict)
        }
        guard let (door, verdict) = judged else { return nil }
        switch verdict {
        case .enters:
            // The token was used. Without a new file nobody else is let in.
            try? renew()
            return .enters(door)
        case .refused(let refusal): return .refuses(refusal)
        case .reads(let name):
            guard "\(name).html" != Self.openingFile, let file = page(name) else { return .refuses(.place) }
            return .reads(file, isLive: name == "index")
        }
    }

    private func page(_ name: String) -> [UInt8]? {
        // It may be replaced at this moment: then its last name is gone.
        guard let file = try? folder.file("\(name).html", links: nil), file.byteCount <= Self.maximumPageByteCount
        else { return nil }
        return try? file.read(upTo: file.byteCount, at: 0)
    }

    /// Takes a connection in, or says that there are too many.
    func admit(_ channel: any Channel) -> Bool {
        let isAdmitted = connectionCount.withLock { count in
            guard count < Self.maximumConnectionCount else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return false }
        channel.closeFuture.whenComplete { [self] _ in connectionCount.withLock { $0 -= 1 } }
        return true
    }
}
