/// The members of one object, taken one by one. ``finish()`` refuses what nobody took.
public struct JSONObjectReader: Sendable {
    public let path: JSONPath
    private let members: [JSONMember]
    private var taken: [Bool]

    init(_ members: [JSONMember], path: JSONPath) {
        self.path = path
        self.members = members
        taken = [Bool](repeating: false, count: members.count)
    }

    /// Every name, in the order in which they were written.
    public var names: [String] { members.map(\.name) }

    /// Whether the member is there, taken or not.
    public func contains(_ name: String) -> Bool {
        index(of: name) != nil
    }

    /// The member, or `nil` when it is absent. `null` is a value, and not absence.
    public mutating func optional(_ name: String) -> JSONReader? {
        guard let index = index(of: name) else { return nil }
        taken[index] = true
        return JSONReader(members[index].value, path: path.appending(name))
    }

    /// The member, which must be there.
    public mutating func required(_ name: String) throws(JSONShapeError) -> JSONReader {
        guard let reader = optional(name) else { throw .missing(path.appending(name)) }
        return reader
    }

    /// Every member that was not yet taken, for objects whose names are data.
    public mutating func rest(maximumCount: Int) throws(JSONShapeError) -> [(name: String, reader: JSONReader)] {
        let indices = members.indices.filter { !taken[$0] }
        guard indices.count <= maximumCount else {
            throw .tooMany(path, found: indices.count, maximum: maximumCount)
        }
        for index in indices { taken[index] = true }
        return indices.map { (members[$0].name, JSONReader(members[$0].value, path: path.appending(members[$0].name))) }
    }

    /// Refuses members that nobody took. Call it last, on every object.
    public func finish() throws(JSONShapeError) {
        if let index = taken.firstIndex(of: false) { throw .unknownName(path.appending(members[index].name)) }
    }

    private func index(of name: String) -> Int? {
        members.firstIndex { $0.name.hasSameBytes(as: name) }
    }
}

// What `required` gives, read in the same step.
extension JSONObjectReader {
    /// The member, an object.
    public mutating func object(_ name: String) throws(JSONShapeError) -> JSONObjectReader {
        try required(name).object()
    }

    /// The member, an array of at most `maximumCount` elements.
    public mutating func array(_ name: String, maximumCount: Int) throws(JSONShapeError) -> [JSONReader] {
        try required(name).array(maximumCount: maximumCount)
    }

    /// The member, a string of at most `maximumByteCount` bytes.
    public mutating func string(_ name: String, maximumByteCount: Int) throws(JSONShapeError) -> String {
        try required(name).string(maximumByteCount: maximumByteCount)
    }

    /// The member, a string that `parse` turns into a value.
    public mutating func parsed<Value>(
        _ name: String, as expected: String, maximumByteCount: Int = 4096, _ parse: (String) -> Value?
    ) throws(JSONShapeError) -> Value {
        try required(name).parsed(as: expected, maximumByteCount: maximumByteCount, parse)
    }

    /// The member, a whole number inside `range`.
    public mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(JSONShapeError) -> Int {
        try required(name).integer(in: range)
    }

    /// The member, `true` or `false`.
    public mutating func bool(_ name: String) throws(JSONShapeError) -> Bool {
        try required(name).bool()
    }

    /// The member, one of the type's raw values.
    public mutating func choice<Choice: CaseIterable & RawRepresentable>(
        _ name: String, of type: Choice.Type
    ) throws(JSONShapeError) -> Choice where Choice.RawValue == String {
        try required(name).choice(of: type)
    }

    /// Bytes of a fixed count as lowercase hexadecimal.
    public mutating func hex<let byteCount: Int>(_ name: String) throws(JSONShapeError) -> FixedBytes<byteCount> {
        try required(name).hex()
    }
}

extension JSONReader {
    /// Bytes of a fixed count as lowercase hexadecimal.
    public func hex<let byteCount: Int>() throws(JSONShapeError) -> FixedBytes<byteCount> {
        try parsed(as: "\(byteCount * 2) lowercase hexadecimal digits") { FixedBytes<byteCount>(hex: $0) }
    }

    /// A SHA-256 digest as `sha256:` and 64 lowercase hexadecimal digits.
    public func digest() throws(JSONShapeError) -> SHA256Digest {
        try parsed(as: "\"sha256:\" and 64 lowercase hexadecimal digits") { SHA256Digest(prefixed: $0) }
    }
}
