internal import Primitives

/// How often data is asked for.
public enum Period: String, CaseIterable, Equatable, Sendable {
    /// Once: all runs read the same.
    case session
    /// For each run anew. Such data is a question, or what it is asked of.
    case run
}

/// Who must say yes, and how long they are waited for.
///
/// A question with an approval runs, and a result with an approval leaves, when all of them have said yes. Their
/// silence is a no.
public struct Approval: Equatable, Sendable {
    /// In the manifest's order.
    public let approvers: [Name]
    /// Counted from the moment at which they could see what they decide on.
    public let seconds: Int

    private static let longest = 30 * 86_400

    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        approvers = try object.required("by").distinct(1...64) { reader throws(JSONShapeError) in try reader.name() }
        seconds = try object.integer("seconds", in: 1...Self.longest)
        try object.finish()
    }
}
