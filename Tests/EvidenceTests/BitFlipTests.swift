import Evidence
import Primitives
import TestSupport
import Testing

/// One bit of recorded evidence turned over: whatever it was, the result is refused.
@Suite("A single changed bit")
struct BitFlipTests {
    @Test("anywhere in a report is refused", arguments: RealVector.all)
    func reports(_ vector: RealVector) throws {
        let bytes = try vector.bytes("report.bin")
        let leaf = try #require(try vector.endorsements.leaf)
        for bit in bits(of: bytes.count, in: vector, sample: 60) {
            guard let report = decodedReport(flipped(bytes, bit)) else { continue }
            #expect(!leaf.hasSigned(report), "bit \(bit) of the report")
        }
    }

    @Test("anywhere in a report key's certificate is refused", arguments: RealVector.all)
    func leaves(_ vector: RealVector) throws {
        let bytes = try vector.leafBytes
        let issuer = try #require(try vector.endorsements.intermediate)
        for bit in bits(of: bytes.count, in: vector, sample: 60) {
            let changed = flipped(bytes, bit)
            guard let leaf = try? EndorsementCertificate(decoding: changed) else { continue }
            #expect(!leaf.certificate.isSigned(by: issuer), "bit \(bit) of the leaf")
        }
    }

    @Test("anywhere in an authority's certificate is refused", arguments: RealVector.all)
    func authorities(_ vector: RealVector) throws {
        let root = try #require(try vector.endorsements.root)
        for name in ["ask.der", "ark.der"] {
            let bytes = try vector.bytes(name)
            for bit in bits(of: bytes.count, in: vector, sample: 60) {
                let changed = flipped(bytes, bit)
                guard let certificate = try? Certificate(decoding: changed) else { continue }
                #expect(!certificate.isSigned(by: root), "bit \(bit) of \(name)")
            }
        }
    }

    @Test("anywhere in a revocation list is refused", arguments: RealVector.exhaustive)
    func lists(_ vector: RealVector) throws {
        let bytes = try vector.revocationList.encoded
        var endorsements = try vector.endorsements
        for bit in bits(of: bytes.count, in: vector, sample: 60, exhaustive: false) {
            let changed = flipped(bytes, bit)
            guard let list = try? RevocationList(decoding: changed) else { continue }
            endorsements.revocationList = list
            #expect(endorsements.verified().isRefused, "bit \(bit) of the list")
        }
    }

    /// Every bit for one vector of each product; for the rest a sample that is the same at each run.
    private func bits(of byteCount: Int, in vector: RealVector, sample: Int, exhaustive: Bool = true) -> [Int] {
        let all = 0..<byteCount * 8
        if exhaustive, RealVector.exhaustive.contains(where: { $0.name == vector.name }) { return Array(all) }
        var generator = SeededNumbers(seed: 3)
        return (0..<sample).map { _ in Int.random(in: all, using: &generator) }
    }

    private func flipped(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
        var changed = bytes
        changed[bit / 8] ^= 1 << (bit % 8)
        return changed
    }
}
