internal import Primitives

extension JSONFormat {
    /// The one text of a value of this shape: members in RFC 8785's order, no white space, numbers with all their
    /// digits.
    func canonical(_ content: [UInt8], maximumByteCount: Int) throws(Misfit) -> [UInt8] {
        let value: JSONValue
        do {
            value = try JSONValue(
                parsing: content, maximumByteCount: maximumByteCount, maximumDepth: Self.maximumDepth)
        } catch {
            throw .json(error)
        }
        var bytes: [UInt8] = []
        do {
            try append(JSONReader(value), to: &bytes)
        } catch {
            throw .value(error)
        }
        return bytes
    }

    private func append(_ reader: JSONReader, to bytes: inout [UInt8]) throws(JSONShapeError) {
        switch self {
        case .object(let properties):
            var object = try reader.object()
            bytes.append(UInt8(ascii: "{"))
            for (index, property) in properties.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += JSONValue.string(property.name).canonicalBytes
                bytes.append(UInt8(ascii: ":"))
                try property.format.append(try object.required(property.name), to: &bytes)
            }
            try object.finish()
            bytes.append(UInt8(ascii: "}"))
        case .array(let element, let maximum):
            bytes.append(UInt8(ascii: "["))
            for (index, reader) in try reader.array(maximumCount: maximum).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                try element.append(reader, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .value(let kind): try kind.append(reader, to: &bytes)
        }
    }
}

extension ValueKind {
    fileprivate func append(_ reader: JSONReader, to bytes: inout [UInt8]) throws(JSONShapeError) {
        switch self {
        case .number(let bounds):
            bytes += bounds.text(try bounds.units(reader)).utf8
        case .boolean: bytes += (try reader.bool() ? "true" : "false").utf8
        case .words(let words):
            let text = try reader.string(maximumByteCount: 4 * ValueKind.maximumWordCharacters)
            guard words.contains(where: { $0.hasSameBytes(as: text) }) else {
                throw .wrongForm(reader.path, expected: "one of the \(words.count) values of the format")
            }
            bytes += JSONValue.string(text).canonicalBytes
        case .text(let bounds):
            let text = try reader.string(maximumByteCount: 4 * bounds.maximumCharacters)
            let count = bounds.characters.count(in: Array(text.utf8).span)
            guard let count, (1...bounds.maximumCharacters).contains(count) else {
                throw .wrongForm(
                    reader.path,
                    expected: "1 to \(bounds.maximumCharacters) characters of \(bounds.characters.rawValue)")
            }
            bytes += JSONValue.string(text).canonicalBytes
        case .date: throw .wrongForm(reader.path, expected: "a value of the format")
        }
    }
}

extension NumberBounds {
    /// A number of JSON in units of the last digit. A double's digits are those that its text needs to be told apart.
    fileprivate func units(_ reader: JSONReader) throws(JSONShapeError) -> Int64 {
        let text: String =
            switch reader.value {
            case .integer(let value): String(value)
            case .number(let value): value.description
            default: throw .wrongKind(reader.path, expected: .number, found: reader.value.kind)
            }
        let units = NumberText.units(
            of: Array(text.utf8).span, fractionDigits: fractionDigits, isExact: fractionDigits == 0)
        guard let units, (minimum...maximum).contains(units) else {
            throw .wrongForm(
                reader.path, expected: "a number from \(self.text(minimum)) to \(self.text(maximum))")
        }
        return units
    }
}
