public import Commitments
public import Lifecycle
public import Primitives

/// `salts.json`: what each output's commitment was made with. Who has a salt can show that an output is the receipt's.
public struct SaltsFile: Equatable, Sendable {
    public static let fileName = "salts.json"
    public static let maximumByteCount = 64 * 1024

    public let salts: [Name: FixedBytes<32>]
    private let names: [Name]

    /// Notes the salts of what a recipient got.
    public init(_ outputs: [IndexEntry]) {
        names = outputs.map(\.name)
        salts = Dictionary(uniqueKeysWithValues: outputs.map { ($0.name, $0.salt) })
    }

    /// Decodes what was kept.
    ///
    /// - Throws: ``OutputsError/record(_:)``.
    public init(decoding bytes: [UInt8]) throws(OutputsError) {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 2),
            case .object(let members) = value
        else { throw .record(Self.fileName) }
        var salts: [Name: FixedBytes<32>] = [:]
        var names: [Name] = []
        for member in members {
            guard let name = Name(member.name), case .string(let text) = member.value,
                let salt = FixedBytes<32>(hex: text)
            else { throw .record(Self.fileName) }
            salts[name] = salt
            names.append(name)
        }
        self.salts = salts
        self.names = names
    }

    /// As the file has it.
    public var encoded: [UInt8] {
        JSONValue.object(
            names.compactMap { name in
                salts[name].map { JSONMember(name.description, .string($0.description)) }
            }
        ).indentedBytes
    }
}
