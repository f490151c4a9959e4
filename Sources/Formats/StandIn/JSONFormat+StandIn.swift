internal import Primitives

extension JSONFormat {
    /// Lists inside lists are short, and empty once there are so many values.
    private static let nestedItemCount = 3
    private static let nestedValueCount = 100_000

    func standIn(_ values: inout StandInValues, itemCount: Int) -> [UInt8] {
        var standIn = JSONStandIn(values: values, room: Self.nestedValueCount)
        append(to: &standIn, itemCount: itemCount)
        values = standIn.values
        return standIn.bytes
    }

    /// - Parameter itemCount: `nil` inside a list.
    private func append(to standIn: inout JSONStandIn, itemCount: Int?) {
        switch self {
        case .object(let properties):
            standIn.bytes.append(UInt8(ascii: "{"))
            for (index, property) in properties.enumerated() {
                if index > 0 { standIn.bytes.append(UInt8(ascii: ",")) }
                standIn.bytes += JSONValue.string(property.name).canonicalBytes
                standIn.bytes.append(UInt8(ascii: ":"))
                property.format.append(to: &standIn, itemCount: itemCount)
            }
            standIn.bytes.append(UInt8(ascii: "}"))
        case .array(let element, let maximum):
            let nested = Int(standIn.values.next(below: UInt64(Self.nestedItemCount) + 1))
            let count = min(itemCount ?? nested, maximum)
            standIn.bytes.append(UInt8(ascii: "["))
            for index in 0..<count where itemCount != nil || standIn.room > 0 {
                if index > 0 { standIn.bytes.append(UInt8(ascii: ",")) }
                element.append(to: &standIn, itemCount: nil)
            }
            standIn.bytes.append(UInt8(ascii: "]"))
        case .value(let kind): standIn.append(kind)
        }
    }
}

/// A text as it grows.
private struct JSONStandIn {
    var values: StandInValues
    var bytes: [UInt8] = []
    /// For so many more values.
    var room: Int

    init(values: StandInValues, room: Int) {
        self.values = values
        self.room = room
    }

    mutating func append(_ kind: ValueKind) {
        room -= 1
        switch kind {
        case .number(let bounds): bytes += bounds.text(values.number(bounds)).utf8
        case .date(let days): bytes += JSONValue.string(DateText.text(values.day(days))).canonicalBytes
        case .boolean: bytes += (values.next(below: 2) == 0 ? "false" : "true").utf8
        case .words(let words):
            bytes += JSONValue.string(words[Int(values.next(below: UInt64(words.count)))]).canonicalBytes
        case .text(let bounds):
            let text = values.text(bounds.characters, atMost: bounds.maximumCharacters)
            bytes += JSONValue.string(text).canonicalBytes
        }
    }
}
