public import Primitives

// Documents that a test changes one thing of.

extension JSONValue {
    /// The value at a path such as `participants.2.name`.
    public func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self) { value, step in
            switch value {
            case .object(let members): members.first { $0.name == step }?.value
            case .array(let elements): Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: nil
            }
        }
    }

    /// A copy with the member or element at `path` replaced, added (at the end), or removed for `nil`.
    public func setting(_ path: String, to new: JSONValue?) -> JSONValue {
        let steps = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard let step = steps.first else { return new ?? .null }
        func changed(_ old: JSONValue?) -> JSONValue? {
            steps.count == 1 ? new : (old ?? .object([])).setting(steps[1], to: new)
        }
        switch self {
        case .object(var members):
            guard let index = members.firstIndex(where: { $0.name == step }) else {
                return .object(members + (changed(nil).map { [JSONMember(step, $0)] } ?? []))
            }
            if let value = changed(members[index].value) {
                members[index] = JSONMember(step, value)
            } else {
                members.remove(at: index)
            }
            return .object(members)
        case .array(var elements):
            guard let index = Int(step) else { preconditionFailure("\(step) is no index") }
            guard elements.indices.contains(index) else { return .array(elements + (changed(nil).map { [$0] } ?? [])) }
            if let value = changed(elements[index]) { elements[index] = value } else { elements.remove(at: index) }
            return .array(elements)
        default: preconditionFailure("\(path) leads through a scalar")
        }
    }

    /// Every path in the value, the root's as the empty one.
    public var paths: [String] { paths(below: "") }

    private func paths(below path: String) -> [String] {
        func join(_ step: String) -> String { path.isEmpty ? step : "\(path).\(step)" }
        return switch self {
        case .object(let members): [path] + members.flatMap { $0.value.paths(below: join($0.name)) }
        case .array(let elements): [path] + elements.enumerated().flatMap { $1.paths(below: join("\($0)")) }
        default: [path]
        }
    }
}

/// `participants.2.name` as errors print it: `$.participants[2].name`.
public func printed(_ path: String) -> String {
    path.split(separator: ".").reduce("$") { $0 + (Int($1) == nil ? ".\($1)" : "[\($1)]") }
}
