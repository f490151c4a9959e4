internal import Commitments
internal import Primitives

// A document in the making, changed member by member.

extension JSONValue {
    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// A copy with the member replaced, or added in the end.
    func setting(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(var members) = self else { return self }
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index] = JSONMember(name, value)
        } else {
            members.append(JSONMember(name, value))
        }
        return .object(members)
    }

    func removing(_ name: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }

    /// Changes the element of that name in a list.
    ///
    /// - Returns: whether there is one.
    mutating func change(_ name: Name, in list: String, _ body: (JSONValue) -> JSONValue) -> Bool {
        var elements = member(list)?.elements ?? []
        guard let index = elements.firstIndex(where: { $0.text("name") == name.description }) else { return false }
        elements[index] = body(elements[index])
        self = setting(list, .array(elements))
        return true
    }

    /// The member's text.
    func text(_ name: String) -> String? {
        if case .string(let text)? = member(name) { text } else { nil }
    }
}
