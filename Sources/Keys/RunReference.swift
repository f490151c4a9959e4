public import Primitives

/// Which run of a session something is for: its number, and the receipt that it follows.
///
/// The digest makes it one run of one history: what was meant for another cannot be taken for it.
public struct RunReference: Hashable, Sendable {
    /// From 1 on.
    public let number: Int
    /// SHA-256 of the payload of the receipt before; `nil` in the first run.
    public let previous: SHA256Digest?

    /// A session's first run.
    public static let first = RunReference(number: 1, previous: nil)
    /// The most runs of a session.
    public static let maximumNumber = 10_000

    /// Names a run.
    public init(number: Int, previous: SHA256Digest?) {
        self.number = number
        self.previous = previous
    }

    /// As the JSON of whatever is for the run has it.
    package var members: [JSONMember] {
        [JSONMember("run", .integer(number))]
            + (previous.map { [JSONMember("previous", .string($0.prefixed))] } ?? [])
    }

    /// Reads ``members``: the first run has no receipt before it, and every other has one.
    package init(_ object: inout JSONObjectReader) throws(JSONShapeError) {
        self = try RunReference(number: object.required("run"), &object)
    }

    /// Reads ``members``, where there are any.
    package static func optional(_ object: inout JSONObjectReader) throws(JSONShapeError) -> RunReference? {
        guard let number = object.optional("run") else { return nil }
        return try RunReference(number: number, &object)
    }

    private init(number reader: JSONReader, _ object: inout JSONObjectReader) throws(JSONShapeError) {
        number = try reader.integer(in: 1...Self.maximumNumber)
        previous = number == 1 ? nil : try object.required("previous").digest()
    }
}
