/// An error that a participant can act on.
///
/// Each module throws an enum of its own; this protocol is all that the command line and the
/// agent need to know of it to report it.
public protocol ExplainedError: Error {
    /// Stable and machine-readable, such as `manifest.name.unknown`: part of the public contract.
    var code: String { get }

    /// What was expected and what was found: one clause, lowercase, no full stop, no secret.
    var message: String { get }

    /// What to do next, where there is something to do.
    var hint: String? { get }
}

extension ExplainedError {
    public var hint: String? { nil }
}
