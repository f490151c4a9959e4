import Formats
import Primitives
import Testing

private func noise(_ column: String, _ sensitivity: String, _ scale: String) -> String {
    #"{"column": "\#(column)", "mechanism": "discrete-laplace", "scale": "\#(scale)", "#
        + #""sensitivity": "\#(sensitivity)"}"#
}

@Suite("The guarantee of noise")
struct NoiseGuaranteeTests {
    private static let columns = #"""
        {"name": "k", "type": "text", "values": ["x", "y"]}, {"name": "n", "type": "integer"},
        {"name": "f", "type": "decimal", "fractionDigits": 3}, {"name": "b", "type": "boolean"}
        """#

    private static func guarantee(
        _ rules: String, complete: Bool = true, columns: String = columns
    ) throws -> NoiseGuarantee? {
        let gate = try Draft(columns: columns, also: complete ? #", "complete": true"# : "", rules: rules).gate
        return NoiseGuarantee(gate.rules, for: gate.format)
    }

    @Test("is each column's sensitivity over its scale, exactly, and their sum")
    func exact() throws {
        let rules = #", "noise": [\#(noise("n", "1", "2.5")), \#(noise("f", "0.001", "0.003"))]"#
        let guarantee = try #require(try Self.guarantee(rules))
        #expect(guarantee.columns.map(\.name) == ["n", "f"])
        #expect(guarantee.columns.map(\.epsilon.numerator) == [2, 1])
        #expect(guarantee.columns.map(\.epsilon.denominator) == [5, 3])
        #expect(guarantee.sum.numerator == 11 && guarantee.sum.denominator == 15)
        #expect(guarantee.columnsWithout == ["b"])
    }

    @Test(
        "is written with three places at most, rounded up",
        arguments: [
            ("1", "2.5", "0.4"), ("1", "3", "0.334"), ("2", "3", "0.667"), ("3", "1", "3"), ("1", "1000", "0.001"),
            ("1", "1000.1", "0.001"), ("1", "999999999999999", "0.001"), ("999999999999999", "1", "999999999999999"),
            ("1", "0.9999", "1.001"), ("5", "2", "2.5"), ("1", "0.96", "1.042"),
        ])
    func text(_ sensitivity: String, _ scale: String, _ text: String) throws {
        let rules = #", "noise": [\#(noise("n", sensitivity, scale))]"#
        let guarantee = try #require(try Self.guarantee(rules))
        #expect(guarantee.columns[0].epsilon.description == text)
        #expect(guarantee.sum == guarantee.columns[0].epsilon)
    }

    @Test("of many columns is never below their sum, where no fraction holds it")
    func largeSums() throws {
        let names = (0..<255).map { "n\($0)" }
        let columns =
            #"{"name": "k", "type": "text", "values": ["x"]}"#
            + names.map { #", {"name": "\#($0)", "type": "integer"}"# }.joined()
        func sum(_ sensitivity: String, _ scales: [String]) throws -> Epsilon {
            let entries = zip(names, scales).map { noise($0, sensitivity, $1) }.joined(separator: ", ")
            return try #require(try Self.guarantee(#", "noise": [\#(entries)]"#, columns: columns)).sum
        }
        // 255 fractions with denominators that have hardly a factor in common, each just below 10^-3.
        let sum1 = try sum("1", names.indices.map { "1000.\(1_000_003 + 17 * $0)" })
        let value = Double(sum1.numerator) / Double(sum1.denominator)
        let expected = names.indices.reduce(0.0) { $0 + 1 / (1000 + Double(1_000_003 + 17 * $1) / 1e7) }
        #expect(value >= expected && value < expected + 255e-6)
        // The largest ones there are.
        let sum2 = try sum("999999999999999", names.map { _ in "0.00000000000001" })
        #expect(Double(sum2.numerator) / Double(sum2.denominator) >= 254.9e29 * 0.999)
    }

    @Test(
        "is none where which rows there are can depend on data, or nothing is noised",
        arguments: [
            (#", "noise": [\#(noise("n", "1", "2"))]"#, false), ("", true),
            (#", "noise": [\#(noise("f", "1", "2"))], "minimumGroup": {"column": "n", "atLeast": 5}"#, true),
        ])
    func none(_ rules: String, _ complete: Bool) throws {
        #expect(try Self.guarantee(rules, complete: complete) == nil)
        #expect(NoiseGuarantee(.none, for: .any) == nil)
    }

    @Test("stays where small groups are dropped by the noised number, and where numbers are rounded")
    func postprocessing() throws {
        let rules =
            #", "noise": [\#(noise("n", "1", "2"))], "minimumGroup": {"column": "n", "atLeast": 5}, "#
            + #""round": [{"column": "n", "to": 5}]"#
        #expect(try Self.guarantee(rules)?.sum.description == "0.5")
    }
}
