public import Keys
public import Primitives

/// Where a run's files lie, as paths below its folder. docs/PLAN.md shows it to those who read it.
///
/// Every file is whole from the moment that it has its name. What a host could learn from them it knows already.
public enum RunPath {
    public static let schedule = "schedule.json"
    /// What sets this run apart from others of its plan.
    public static let run = "run.json"
    /// Locked by the one scheduler that may act on the folder.
    public static let lock = "lock"
    /// There, the whole run is over.
    public static let stop = "stop"
    /// Scripts of an engine.
    public static let scripts = "scripts"

    /// A session's folder.
    public static func session(_ bound: BoundDigest) -> String { "sessions/\(bound)" }

    /// A file of one machine.
    public static func machine(_ file: MachineFile, _ attempt: Int, of bound: BoundDigest) -> String {
        "\(session(bound))/\(attempt)\(file.suffix)"
    }

    /// A participant's sealed stream, once it was fetched.
    public static func output(_ token: SHA256Digest, _ attempt: Int, of bound: BoundDigest) -> String {
        "\(machine(.outputs, attempt, of: bound))/\(token)"
    }

    /// Of what an edge brings.
    public static func edge(_ edge: SHA256Digest) -> String { "streams/\(edge)" }

    /// Says that the receiver's session took it.
    public static func handed(_ edge: SHA256Digest, to receiver: SHA256Digest) -> String {
        "\(self.edge(edge))/\(receiver).json"
    }

    /// The stream itself, on its way.
    public static func stream(_ edge: SHA256Digest, from sender: SHA256Digest, to receiver: SHA256Digest) -> String {
        "\(self.edge(edge))/\(receiver).\(sender).sealed"
    }
}

/// What lies in a session's folder, for each machine.
public enum MachineFile: CaseIterable, Sendable {
    /// Made first: whoever makes it is that attempt.
    case claim
    case address, end, outputs, deliveries, log

    public var suffix: String {
        switch self {
        case .claim: ".claim"
        case .address: ".json"
        case .end: ".end"
        case .outputs: ".outputs"
        case .deliveries: ".deliveries.json"
        case .log: ".log"
        }
    }

    /// The attempt and the kind of file that a name stands for, or `nil` for any other name.
    public static func named(_ name: String) -> (attempt: Int, file: MachineFile)? {
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        guard 1...2 ~= digits.utf8.count, let attempt = Int(digits), String(attempt).hasSameBytes(as: digits),
            let file = allCases.first(where: { $0.suffix.hasSameBytes(as: name.dropFirst(digits.count)) })
        else { return nil }
        return (attempt, file)
    }
}

/// A small file of a run. Anything but what is written here is refused.
public enum RunRecord {
    /// Of each, at most.
    public static let maximumByteCount = 1024

    /// `N.claim`: what the engine knows the machine by.
    public static func claim(task: String) -> [UInt8] { encode(["version": 1, "task": .string(task)]) }

    /// The task that a claim names, or `nil` for what is no claim.
    public static func task(ofClaim bytes: [UInt8]) -> String? {
        decode(bytes) { object throws(JSONShapeError) in try object.string("task", maximumByteCount: 200) }
    }

    /// `N.json`: where a machine's agent listens.
    public static func address(_ url: String, attempt: Int) -> [UInt8] {
        encode(["version": 1, "url": .string(url), "attempt": .integer(attempt)])
    }

    /// The address, if the file is of that attempt.
    public static func address(_ bytes: [UInt8], of attempt: Int) -> String? {
        decode(bytes) { object throws(JSONShapeError) in
            _ = try object.integer("attempt", in: attempt...attempt)
            return try object.string("url", maximumByteCount: 300)
        }
    }

    /// `N.end`: that a machine is to end, and why.
    public static func end(_ reason: EndReason) -> [UInt8] {
        encode(["version": 1, "reason": .string(reason.rawValue)])
    }

    /// Why. Any file of that name ends the machine, whatever is in it.
    public static func end(_ bytes: [UInt8]) -> EndReason {
        decode(bytes) { object throws(JSONShapeError) in try object.choice("reason", of: EndReason.self) } ?? .stopped
    }

    /// That a stream was taken, and from which session it came.
    public static func handed(from sender: SHA256Digest) -> [UInt8] {
        encode(["version": 1, "session": .string(sender.description)])
    }

    /// `run.json`.
    public static func run(id: FixedBytes<8>) -> [UInt8] { encode(["version": 1, "id": .string(id.description)]) }

    /// The run's id.
    public static func runID(_ bytes: [UInt8]) -> FixedBytes<8>? {
        decode(bytes) { object throws(JSONShapeError) in try object.hex("id") }
    }

    private static func encode(_ value: JSONValue) -> [UInt8] { value.canonicalBytes }

    private static func decode<Value>(
        _ bytes: [UInt8], _ read: (inout JSONObjectReader) throws(JSONShapeError) -> Value
    ) -> Value? {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: maximumByteCount, maximumDepth: 2),
            var object = try? JSONReader(value).object(), (try? object.integer("version", in: 1...1)) != nil,
            let found = try? read(&object), (try? object.finish()) != nil
        else { return nil }
        return found
    }
}
