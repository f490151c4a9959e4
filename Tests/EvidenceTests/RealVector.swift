import Commitments
import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

/// A recorded report with its certificates: one that `scripts/setup --tests` fetches, and those of `../shared`.
struct RealVector: Sendable, CustomTestStringConvertible {
    let name: String
    /// Inside the validity of all three certificates.
    let time: String

    var testDescription: String { name }

    /// Every vector, each beside a time at which its certificates hold. A VCEK lasts seven years, a
    /// VLEK one. The lists in `crl` hold from 2026-08-19 to 2026-10-04.
    static let all: [RealVector] = [
        RealVector(name: "genoa-v3-vcek-azure-1", time: "2026-09-01"),
        RealVector(name: "genoa-v3-vcek-other-2", time: "2026-09-01"),
        RealVector(name: "genoa-v5-vcek-other-1", time: "2026-09-01"),
        RealVector(name: "milan-v2-vcek-azure-2", time: "2026-09-01"),
        RealVector(name: "milan-v2-vcek-other-1", time: "2026-09-01"),
        RealVector(name: "milan-v2-vcek-other-2", time: "2026-09-01"),
        RealVector(name: "milan-v2-vlek-aws-1", time: "2024-11-01"),
        RealVector(name: "milan-v3-vcek-azure-2", time: "2026-09-01"),
        RealVector(name: "milan-v3-vcek-gcp-3", time: "2026-09-01"),
        RealVector(name: "milan-v3-vcek-gcp-5", time: "2026-09-01"),
        RealVector(name: "milan-v3-vlek-aws-2", time: "2025-06-01"),
        RealVector(name: "turin-v5-vcek-azure-1", time: "2026-09-01"),
        RealVector(name: "turin-v5-vcek-gcp-1", time: "2026-09-01"),
    ]

    /// One of each product, for tests that try everything.
    static let exhaustive = all.filter {
        ["milan-v2-vcek-other-2", "genoa-v5-vcek-other-1", "turin-v5-vcek-azure-1"].contains($0.name)
    }

    /// The one that is there on every machine: a Milan's, of a guest that may be debugged.
    static var fetched: RealVector { get throws { try #require(named("milan-v2-vcek-other-2")) } }

    static func named(_ name: String) -> RealVector? { all.first { $0.name == name } }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: try SharedFolder.url("vectors/snp/\(path)")))
    }

    func bytes(_ file: String) throws -> [UInt8] { try Self.bytes("\(name)/\(file)") }

    var isVLEK: Bool { name.contains("vlek") }
    var leafBytes: [UInt8] { get throws { try bytes(isVLEK ? "vlek.der" : "vcek.der") } }

    var report: AttestationReport {
        get throws { try #require(decodedReport(try bytes("report.bin"))) }
    }

    var endorsements: Endorsements {
        get throws {
            Endorsements(
                leaf: try EndorsementCertificate(decoding: try leafBytes),
                intermediate: try Certificate(decoding: try bytes("ask.der")),
                root: try Certificate(decoding: try bytes("ark.der")), revocationList: nil)
        }
    }

    /// AMD's list for the product, for times inside its window.
    var revocationList: RevocationList {
        get throws {
            let product = try #require(name.split(separator: "-").first)
            return try RevocationList(decoding: try Self.bytes("crl/vcek-\(product).crl.der"))
        }
    }

    /// Waives what these vectors cannot have: Milan by its name, a list at times that none covers.
    var verifier: Verifier {
        get throws {
            var verifier = Verifier(at: try #require(Timestamp(time)), policy: .none)
            verifier.waivers = [.milan, .revocation]
            return verifier
        }
    }

    var provenance: [String: JSONValue] {
        get throws {
            let value = try JSONValue(parsing: try bytes("provenance.json"), maximumByteCount: 1 << 20)
            guard case .object(let members) = value else { return [:] }
            return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
        }
    }
}

extension EndorsementVerification {
    var isRefused: Bool {
        if case .refused = self { true } else { false }
    }
}

extension Appraisal {
    /// What counts against the evidence, without the waivers.
    var contraindications: [Finding.Rule] {
        findings.filter { $0.severity == .contraindicated }.map(\.rule)
    }

    var isAffirmed: Bool {
        if case .affirmed = self { true } else { false }
    }
}
