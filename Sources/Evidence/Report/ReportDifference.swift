public import Primitives

/// In which fields two reports differ.
public struct ReportDifference: Equatable, Sendable {
    /// In the reports' order.
    public let fields: [Field]

    /// A field with another value. `nil` where the report's version does not have it.
    public struct Field: Equatable, Sendable {
        public let first: ReportField?
        public let second: ReportField?
        public let name: String

        /// Whether two reports of one machine differ there as well.
        public var isOfEachReport: Bool { ["REPORT_DATA", "SIGNATURE"].contains(name) }

        /// The bits that differ, by name.
        public var bits: [(first: ReportField.Bit, second: ReportField.Bit)] {
            guard let first, let second else { return [] }
            return zip(first.bits, second.bits).filter { $0.isSet != $1.isSet }.map { ($0, $1) }
        }
    }

    /// Compares field by field. Nothing is verified.
    public init(_ first: AttestationReport, _ second: AttestationReport) {
        let (left, right) = (first.listing, second.listing)
        var fields: [(offset: Int, field: Field)] = left.compactMap { field in
            let other = right.first { $0.name == field.name }
            guard other?.value != field.value else { return nil }
            return (field.offset, Field(first: field, second: other, name: field.name))
        }
        for field in right where !left.contains(where: { $0.name == field.name }) {
            fields.append((field.offset, Field(first: nil, second: field, name: field.name)))
        }
        self.fields = fields.sorted { $0.offset < $1.offset }.map(\.field)
    }

    /// As `2cvm evidence compare --json` prints it.
    public var json: JSONValue {
        .array(
            fields.map { field in
                let values = [("first", field.first?.value), ("second", field.second?.value)]
                return .object(
                    [JSONMember("name", .string(field.name)), JSONMember("eachReport", .bool(field.isOfEachReport))]
                        + values.compactMap { name, value in value.map { JSONMember(name, .string($0)) } })
            })
    }
}
