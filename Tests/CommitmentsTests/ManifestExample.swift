import Commitments
import Foundation
import Keys
import Primitives
import TestSupport

/// docs/examples/manifest.json: the valid manifest that every test changes one thing of.
enum ManifestExample {
    static let bytes: [UInt8] = {
        let file = Repository.root.appending(path: "docs/examples/manifest.json")
        guard let data = try? Data(contentsOf: file) else { preconditionFailure("\(file.path) is missing") }
        return [UInt8](data)
    }()

    static let value: JSONValue = {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: 1 << 20) else {
            preconditionFailure("the example is not JSON")
        }
        return value
    }()

    /// Private keys that stand in for the example's participants, in its order.
    static let keys = (0..<3).map { index in
        PrivateKeys(signingSeed: seed(UInt8(2 * index)), sealingSeed: seed(UInt8(2 * index + 1)))
    }

    /// The example with participants whose private keys are known here.
    static let ownValue: JSONValue = {
        var value = Self.value
        for (index, name) in ["hospital-a", "hospital-b", "statistician"].enumerated() {
            guard let name = Name(name) else { preconditionFailure("\(name) is a name") }
            value = value.setting("participants.\(index)", to: Participant(name: name, keys: keys[index]).json)
        }
        return value
    }()

    static func manifest(_ value: JSONValue = ownValue) throws -> Manifest {
        try Manifest(decoding: value.canonicalBytes)
    }

    /// The example's platform, simulated.
    static let simulated: JSONValue = [
        "kind": "simulated", "binding": "launch", "measurements": [.string(String(repeating: "00", count: 48))],
    ]

    private static func seed(_ byte: UInt8) -> SecretSeed { SecretSeed(FixedBytes(repeating: byte)) }
}

extension JSONValue {
    /// The value at a path such as `participants.2.name`.
    func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self) { value, step in
            switch value {
            case .object(let members): members.first { $0.name == step }?.value
            case .array(let elements): Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: nil
            }
        }
    }

    /// A copy with the member or element at `path` replaced, added (at the end), or removed for `nil`.
    func setting(_ path: String, to new: JSONValue?) -> JSONValue {
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
    var paths: [String] { paths(below: "") }

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
func printed(_ path: String) -> String {
    path.split(separator: ".").reduce("$") { $0 + (Int($1) == nil ? ".\($1)" : "[\($1)]") }
}
