public import Primitives

/// Who stands at the other end of what crosses a session's edge: a participant, or in a plan another session.
///
/// A manifest writes a participant as its name, and a session as `{"session": "site-a"}`. The two are told apart by
/// type, so that no participant passes for a session of the same name.
public enum End: Hashable, Sendable {
    case participant(Name)
    case session(Name)

    /// The participant's name; `nil` where it is a session.
    public var participant: Name? {
        if case .participant(let name) = self { name } else { nil }
    }

    /// The session's name; `nil` where it is a participant.
    public var session: Name? {
        if case .session(let name) = self { name } else { nil }
    }

    /// As a manifest writes it.
    public var json: JSONValue {
        switch self {
        case .participant(let name): .string(name.description)
        case .session(let name): ["session": .string(name.description)]
        }
    }
}

extension End: CustomStringConvertible {
    /// `hospital-a`, or `the session site-a`.
    public var description: String {
        switch self {
        case .participant(let name): name.description
        case .session(let name): "the session \(name)"
        }
    }
}

extension JSONReader {
    /// A participant's name, or an object that names a session.
    func end() throws(JSONShapeError) -> End {
        guard case .object = value else { return .participant(try name()) }
        var object = try object()
        let session = try object.required("session").name()
        try object.finish()
        return .session(session)
    }
}

extension Output {
    /// The participants among its recipients, in the manifest's order.
    public var participants: [Name] { recipients.compactMap(\.participant) }

    /// The sessions among its recipients, in the manifest's order.
    public var sessions: [Name] { recipients.compactMap(\.session) }
}
