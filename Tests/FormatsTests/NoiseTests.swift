import Foundation
import Formats
import Primitives
import Testing

private func key(_ first: UInt8 = 0) throws -> NoiseKey {
    NoiseKey(try #require(FixedBytes<32>((0..<32).map { $0 &+ first })))
}

private func draws(_ count: Int, _ scale: String, _ fractionDigits: Int = 0, key: NoiseKey) throws -> [Int64] {
    let distribution = DiscreteLaplace(scale: try #require(Ratio(scale, inUnitsOf: fractionDigits)))
    var stream = key.stream(ofColumn: "patients")
    return (0..<count).map { _ in distribution.draw(from: &stream) }
}

@Suite("Noise")
struct NoiseTests {
    /// Printed by noise.py, which follows the description and none of this code.
    @Test(
        "is what a second implementation draws from the same key",
        arguments: [
            ("2.5", 0, [2, 0, 6, 0, -3, 4, 0, -2, 0, 2, -10, 2, 2, 1, -8, -1]),
            ("1000", 0, [1295, 607, 1053, 2037, 680, 548, -556, 607, -1441, 41, -833, 1611, -4591, -145, 1035, 1075]),
            ("0.25", 1, [2, 0, 6, 0, -3, 4, 0, -2, 0, 2, -10, 2, 2, 1, -8, -1]),
            (
                "123456.789", 2,
                [
                    8_137_279, 5_065_943, 1_066_609, -607_490, -23_654_021, 14_224_413, 3_622_107, -3_975_334,
                    3_390_902,
                    -147_095, 19_833_090, 10_425_723, -19_264_624, 3_682_173, 3_963_975, 1_984_505,
                ]
            ),
        ] as [(String, Int, [Int64])])
    func knownAnswers(_ scale: String, _ fractionDigits: Int, _ expected: [Int64]) throws {
        #expect(try draws(expected.count, scale, fractionDigits, key: key()) == expected)
    }

    /// 200,000 draws against the distribution's own probabilities, in cells of at least 50 expected draws. A right
    /// sampler exceeds this bound with a chance below 10^-6; the draws are fixed, so the test never wavers.
    @Test("follows the discrete Laplace distribution", arguments: [("0.7", 0.7), ("2.5", 2.5), ("40", 40.0)])
    func distribution(_ text: String, _ scale: Double) throws {
        let count = 200_000
        let found = Dictionary(try draws(count, text, key: key(7)).map { ($0, 1) }, uniquingKeysWith: +)
        let (excess, inside) = fit(found, count: count, scale: scale)
        #expect(excess < 0)
        #expect(inside > count * 95 / 100)
        // The same measure tells a scale that is off by a twentieth.
        #expect(fit(found, count: count, scale: scale * 1.05).excess > 0)
        #expect(fit(found, count: count, scale: scale / 1.05).excess > 0)
    }

    /// - Returns: by how much chi-square exceeds the bound, which lies five standard deviations and 15 above its mean,
    ///   and how many draws lie in its cells.
    private func fit(_ found: [Int64: Int], count: Int, scale: Double) -> (excess: Double, inside: Int) {
        let ratio = exp(-1 / scale)
        var (chi, cells, inside) = (0.0, 0, 0)
        for value in -1000...1000 as ClosedRange<Int64> {
            let expected = Double(count) * (1 - ratio) / (1 + ratio) * pow(ratio, Double(value.magnitude))
            guard expected >= 50 else { continue }
            let difference = Double(found[value] ?? 0) - expected
            chi += difference * difference / expected
            cells += 1
            inside += found[value] ?? 0
        }
        return (chi - Double(cells) - 5 * (2 * Double(cells)).squareRoot() - 15, inside)
    }

    @Test("is the same for the same key and column, another for another, and stays in the column's range")
    func derived() throws {
        func draft(_ name: String) throws -> Draft {
            try Draft(
                columns: #"{"name": "\#(name)", "type": "integer", "minimum": 0, "maximum": 20}"#, rows: 1000,
                rules:
                    #", "noise": [{"column": "\#(name)", "mechanism": "discrete-laplace", "#
                    + #""scale": "9", "sensitivity": "1"}]"#
            )
        }
        let content = String(repeating: "10\n", count: 500)
        let one = try draft("n").release("n\n" + content, noise: key())
        #expect(try draft("n").release("n\n" + content, noise: key()) == one)
        #expect(try draft("n").release("n\n" + content, noise: key(1)) != one)
        #expect(try draft("m").release("m\n" + content, noise: key()).dropFirst(2) != one.dropFirst(2))
        let numbers = one.split(separator: "\n").dropFirst().compactMap { Int($0) }
        #expect(numbers.count == 500 && numbers.allSatisfy((0...20).contains))
        #expect(numbers.contains(0) && numbers.contains(20) && numbers == numbers.sorted())
        #expect(try draft("n").isReleasable(one))
    }

    @Test("falls on the sorted rows, so that nobody chooses by order which noise a row gets")
    func sortedFirst() throws {
        let draft = try Draft(
            columns: #"{"name": "k", "type": "text", "values": ["a", "b", "c"]}, {"name": "n", "type": "integer"}"#,
            rules: #", "noise": [{"column": "n", "mechanism": "discrete-laplace", "scale": "9", "sensitivity": "1"}]"#)
        let one = try draft.release("k,n\na,1\nb,2\nc,3\n", noise: key())
        #expect(try draft.release("n,k\n3,c\n1,a\n2,b\n", noise: key()) == one)
    }

    @Test("comes before the smallest group, which looks at the noised number")
    func order() throws {
        let draft = try Draft(
            columns: #"{"name": "n", "type": "integer", "minimum": 0, "maximum": 100}"#, rows: 1000,
            rules: #", "noise": [{"column": "n", "mechanism": "discrete-laplace", "scale": "5", "sensitivity": "1"}], "#
                + #""minimumGroup": {"column": "n", "atLeast": 10}, "round": [{"column": "n", "to": 5}]"#)
        let content = Array(("n\n" + String(repeating: "9\n", count: 400)).utf8)
        let (bytes, report) = try draft.gate.release(content, noise: key())
        #expect(report.noisedCells == 400 && report.droppedRows > 100 && report.droppedRows < 300)
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { Int($0) }
        #expect(numbers.allSatisfy { $0 >= 10 && $0.isMultiple(of: 5) })
    }
}
