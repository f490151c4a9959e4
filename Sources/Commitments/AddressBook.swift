public import Keys
public import Primitives

/// Whose key is whose, as one participant confirmed it: fingerprints compared out of band.
///
/// Without it, whoever proposes a manifest could invent the other participants.
public struct AddressBook: Equatable, Sendable {
    public static let maximumByteCount = 1 << 20
    private static let maximumEntryCount = 4096

    /// By name.
    public private(set) var keys: [Name: SigningPublicKey] = [:]

    /// An empty book.
    public init() {}

    /// Decodes `{"version": 1, "participants": [{"name", "signingKey"}]}`; each name once.
    public init(decoding bytes: [UInt8]) throws(AddressBookError) {
        keys = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 3, orThrow: AddressBookError.document
        ) { reader throws(JSONShapeError) in
            try Self.keys(reader)
        }
    }

    /// The book as JSON, by name.
    public var encoded: [UInt8] {
        let entries = keys.sorted { $0.key < $1.key }.map { name, key -> JSONValue in
            ["name": .string(name.description), "signingKey": .string(key.didKey)]
        }
        let value: JSONValue = ["version": 1, "participants": .array(entries)]
        return value.indentedBytes
    }

    /// Takes a key as the participant's.
    ///
    /// - Returns: Whether it was new.
    /// - Throws: ``AddressBookError/otherKey(_:known:)`` when the name has another key, or
    ///   ``AddressBookError/full``.
    public mutating func trust(_ key: SigningPublicKey, as name: Name) throws(AddressBookError) -> Bool {
        if let known = keys[name] {
            guard known == key else { throw .otherKey(name, known: known) }
            return false
        }
        guard keys.count < Self.maximumEntryCount else { throw .full }
        keys[name] = key
        return true
    }

    /// Forgets what is known of `name`, and says whether anything was.
    public mutating func forget(_ name: Name) -> Bool {
        keys.removeValue(forKey: name) != nil
    }

    /// What is known of a participant's signing key. Its signature then vouches for its sealing key.
    public func standing(of participant: Participant) -> KeyStanding {
        guard let known = keys[participant.name] else { return .unknown }
        return known == participant.signingKey ? .trusted : .contradicted(known: known)
    }

    private static func keys(_ reader: JSONReader) throws(JSONShapeError) -> [Name: SigningPublicKey] {
        var keys: [Name: SigningPublicKey] = [:]
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        for reader in try object.array("participants", maximumCount: maximumEntryCount) {
            var entry = try reader.object()
            let name = try entry.required("name").name()
            guard keys.updateValue(try entry.required("signingKey").signingPublicKey(), forKey: name) == nil else {
                throw .wrongForm(reader.path, expected: "a name that is not in the list already")
            }
            try entry.finish()
        }
        try object.finish()
        return keys
    }
}

/// What an address book says of a participant's key.
public enum KeyStanding: Equatable, Sendable {
    case trusted
    case unknown
    /// The name is known under another key.
    case contradicted(known: SigningPublicKey)
}

/// Why an address book cannot be read, or does not take a key.
public enum AddressBookError: Error, Equatable, Sendable {
    case document(DocumentError)
    case otherKey(Name, known: SigningPublicKey)
    case full
}

extension AddressBookError: PositionedError {
    public var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    public var code: String {
        switch self {
        case .document(let error): "addresses.\(error.code)"
        case .otherKey: "addresses.key.differs"
        case .full: "addresses.full"
        }
    }

    public var message: String {
        switch self {
        case .document(let error): error.message
        case .otherKey(let name, let known):
            "\(name) is known under another key, whose fingerprint is \(known.fingerprint)"
        case .full: "the address book is full"
        }
    }

    public var hint: String? {
        switch self {
        case .otherKey(let name, _):
            "ask \(name) over another channel whether the key was replaced; if so, `2cvm key forget \(name)` first"
        case .document(let error): error.hint
        case .full: nil
        }
    }
}
