package import Client
package import Keys
internal import Lifecycle
internal import Platform
internal import Primitives

/// Where the machines of a run listen, as its folder says so far. Whoever writes there is not trusted: a machine is
/// attested before anything goes to it.
package struct RunAddresses: Sendable {
    private let folder: String

    private static let maximumByteCount = 1024

    /// - Throws: where there is no such folder.
    package init(_ folder: String) throws(CommandFailure) {
        guard NamedFile.exists("\(folder)/.") else { throw CommandFailure(RunFolderError.missing, in: folder) }
        self.folder = folder
    }

    /// One machine that may take a session's part.
    package struct Machine: Hashable, Sendable {
        /// From 1 on.
        package let attempt: Int
        package let address: AgentAddress
    }

    /// The machines of a session that listen, or listened, by their attempts.
    ///
    /// - Parameters:
    ///   - bound: What the session's machines are bound to.
    ///   - attempts: How many there may be.
    package func machines(of bound: BoundDigest, attempts: Int) throws(CommandFailure) -> [Machine] {
        var machines: [Machine] = []
        for attempt in 1...attempts {
            let path = "\(folder)/sessions/\(bound)/\(attempt).json"
            guard NamedFile.exists(path) else { continue }
            let bytes = try readFile(path, maximumByteCount: Self.maximumByteCount)
            guard let address = Self.address(bytes, of: attempt) else {
                throw CommandFailure(RunFolderError.address, in: path)
            }
            machines.append(Machine(attempt: attempt, address: address))
        }
        return machines
    }

    /// The sealed stream that was kept for a participant, or `nil`.
    func stream(_ token: SHA256Digest, attempt: Int, of bound: BoundDigest) -> String? {
        let path = "\(folder)/sessions/\(bound)/\(attempt).outputs/\(token)"
        return NamedFile.exists(path) ? path : nil
    }

    /// What was kept of a machine's deliveries, or `nil`.
    func deliveries(attempt: Int, of bound: BoundDigest) throws(CommandFailure) -> DeliveryList? {
        let path = "\(folder)/sessions/\(bound)/\(attempt).deliveries.json"
        guard NamedFile.exists(path) else { return nil }
        return try readFile(
            path, maximumByteCount: DeliveryList.maximumByteCount, as: DeliveryList.init(decoding:))
    }

    private static func address(_ bytes: [UInt8], of attempt: Int) -> AgentAddress? {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: maximumByteCount, maximumDepth: 2),
            var object = try? JSONReader(value).object(), (try? object.integer("version", in: 1...1)) != nil,
            (try? object.integer("attempt", in: attempt...attempt)) != nil,
            let text = try? object.string("url", maximumByteCount: 300), (try? object.finish()) != nil
        else { return nil }
        return try? AgentAddress(text)
    }
}

/// Why a folder is no run's.
package enum RunFolderError: Error, Equatable {
    case missing
    case address
}

extension RunFolderError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .missing: .unavailable
        case .address: .unreadable
        }
    }

    package var code: String {
        switch self {
        case .missing: "run.folder"
        case .address: "run.address"
        }
    }

    package var message: String {
        switch self {
        case .missing: "there is no such folder"
        case .address: "the file does not say where a machine listens"
        }
    }

    package var hint: String? {
        switch self {
        case .missing: "`2cvm plan run` makes it; name it with --run"
        case .address: nil
        }
    }
}

extension DeliveryError: CommandFault {
    package var status: ExitStatus {
        if case .document = self { .unreadable } else { .refused }
    }
}
