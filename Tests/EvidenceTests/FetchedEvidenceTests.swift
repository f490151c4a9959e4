import Commitments
import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

/// A report that a Milan signed, with AMD's certificates for it, as `scripts/setup --tests` fetches them.
///
/// The expected values were read off its bytes by hand, at the offsets of AMD 56860, table 23.
@Suite("Fetched evidence of a real processor")
struct FetchedEvidenceTests {
    @Test("has the fields that its bytes hold")
    func fields() throws {
        let report = try RealVector.fetched.report
        #expect(report.version == 2 && report.guestSVN == 0 && report.vmpl == 0)
        #expect(report.policy.rawValue == 0xB0000 && report.platformInfo.rawValue == 1)
        #expect("\(report.signer.signingKey)" == "vcek" && report.mitigations == nil)
        #expect(report.reportData.description == "0102030405" + String(repeating: "0", count: 118))
        #expect(
            report.measurement.description
                == "b07af9620f3b839b47996422ddec6058338951d984e312115131ea82705eaf5b6bdf8a9ece31a5a608eb0cf2e4872b01")
        #expect(report.hostData == FixedBytes(repeating: 0))
        #expect(
            report.reportID.description == "8edc638e1857c555d21f6b11bda3c8b1b5a09dba4852b4c8ee7aa2f16f22cc0a")
        #expect(report.chipID.description.hasPrefix("3ac3fe21e13fb0990eb28a802e3fb6a2"))
        let firmware = report.currentFirmware
        #expect((firmware.major, firmware.minor, firmware.build) == (1, 49, 3))
        for encoded in [report.tcb.current, report.tcb.reported, report.tcb.committed, report.tcb.launch] {
            let version = try #require(encoded.decoded(as: .milanAndGenoa))
            #expect([version.bootLoader, version.tee, version.snp, version.microcode] == [2, 0, 5, 0x44])
        }
    }

    @Test("is affirmed in everything but that the VM could be debugged")
    func debug() throws {
        let vector = try RealVector.fetched
        let verification = try vector.endorsements.verified()
        #expect(!verification.isRefused)
        let appraisal = try vector.verifier.appraise(vector.report, endorsed: verification)
        #expect(appraisal.contraindications == [.debug])
        #expect(!appraisal.isAffirmed)
        // Without the waivers, of Milan and of the missing list, those count too.
        var strict = try vector.verifier
        strict.waivers = []
        let rules = try strict.appraise(vector.report, endorsed: verification).contraindications
        #expect(Set(rules) == [.debug, .milan, .revocationMissing])
    }

    @Test("is refused under another product's authorities, and under authorities that changed places")
    func otherChain() throws {
        let endorsements = try RealVector.fetched.endorsements
        let ask = try Certificate(decoding: try RealVector.bytes("ca/ask-genoa.der"))
        let ark = try Certificate(decoding: try RealVector.bytes("ca/ark-genoa.der"))
        for (intermediate, root) in [
            (ask, ark), (ask, endorsements.root), (endorsements.intermediate, ark),
            (endorsements.root, endorsements.intermediate), (endorsements.root, endorsements.root),
        ] {
            let other = Endorsements(
                leaf: endorsements.leaf, intermediate: intermediate, root: root, revocationList: nil)
            #expect(other.verified().isRefused)
        }
    }

    @Test("is contraindicated when the report says other versions than the certificate was made for")
    func otherVersions() throws {
        let vector = try RealVector.fetched
        let verification = try vector.endorsements.verified()
        var bytes = try vector.bytes("report.bin")
        // REPORTED_TCB's microcode, at 0x187: one version later than the signed one.
        bytes[0x187] += 1
        let report = try #require(decodedReport(bytes))
        let rules = try vector.verifier.appraise(report, endorsed: verification).contraindications
        #expect(Set(rules).isSuperset(of: [.reportSignature, .tcbCertificate]))
    }
}
