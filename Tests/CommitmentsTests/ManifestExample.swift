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
