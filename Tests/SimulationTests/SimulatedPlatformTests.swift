import Commitments
import Evidence
import Foundation
import Primitives
import Simulation
import TestSupport
import Testing

@Suite("The simulated platform")
struct SimulatedPlatformTests {
    @Test("is affirmed by the same verifier, for each product and kind of key", arguments: SEVProduct.allCases)
    func affirmed(_ product: SEVProduct) throws {
        for endorsement in [SimulatedChip.Endorsement.vcek, .vlek(provider: "CN=cloud")] {
            var rehearsal = try Rehearsal(product, endorsement)
            rehearsal.verifier.waivers = [.milan]
            #expect(try rehearsal.contraindications() == [])
        }
    }

    @Test("reports in each version", arguments: [2, 3, 4, 5] as [UInt32])
    func versions(_ version: UInt32) throws {
        var rehearsal = try Rehearsal()
        rehearsal.report.version = version
        rehearsal.reference.reportVersion = version
        if version < 5 { rehearsal.reference.mitigations = .any }
        #expect(try rehearsal.contraindications() == [])
    }

    @Test("is refused where nobody names its root")
    func refusesUnnamedRoot() throws {
        var rehearsal = try Rehearsal()
        rehearsal.verifier.simulatedRoot = nil
        #expect(try rehearsal.contraindications() == [.rootUnknown])
        rehearsal.verifier.simulatedRoot = SHA256Digest(repeating: 7)
        #expect(try rehearsal.contraindications() == [.rootUnknown])
    }

    @Test("is refused where the manifest asks for AMD's hardware, though its root is named")
    func refusesForHardware() throws {
        var rehearsal = try Rehearsal()
        rehearsal.reference.platform = .sevSNP
        #expect(try rehearsal.contraindications() == [.platformKind])
    }

    @Test("is affirmed under a manifest that says simulated, with one waiver that says what it is worth")
    func manifestSaysSimulated() throws {
        var rehearsal = try Rehearsal()
        rehearsal.reference = ReferenceValues(
            .simulated(binding: .launch, measurements: [rehearsal.report.measurement]))
        guard case .affirmed(let affirmed) = try rehearsal.appraise() else {
            Issue.record("not affirmed")
            return
        }
        #expect(affirmed.waived.map(\.rule) == [.simulated])
        rehearsal.report.measurement = FixedBytes(repeating: 1)
        #expect(try rehearsal.contraindications() == [.measurement])
    }

    @Test("signs revocation lists that count")
    func revocation() throws {
        var rehearsal = try Rehearsal()
        rehearsal.revoked = [try rehearsal.endorsements().intermediate.map(\.serialNumber.bytes) ?? []]
        #expect(try rehearsal.contraindications() == [.revoked])
    }

    @Test("has another root at every installation")
    func otherInstallation() throws {
        var rehearsal = try Rehearsal()
        rehearsal.keys = try SimulationKeys()
        #expect(try rehearsal.contraindications().contains(.rootUnknown))
        #expect(SimulatedChip(.genoa, keys: rehearsal.keys).chipID != rehearsal.chip.chipID)
    }

    @Test("signs the same bytes for the same input, with signatures that differ")
    func deterministic() throws {
        let platform = try Rehearsal().platform()
        func report() throws -> [UInt8] {
            try platform.report(
                reportData: FixedBytes(repeating: 1), hostData: FixedBytes(repeating: 2),
                measurement: FixedBytes(repeating: 3))
        }
        let (first, second) = (try report(), try report())
        #expect(first.count == AttestationReport.byteCount)
        #expect(first.prefix(0x2A0) == second.prefix(0x2A0))
        #expect(first != second)
        let decoded = try AttestationReport(decoding: first.span)
        #expect(decoded.reportData == FixedBytes(repeating: 1))
        #expect(decoded.hostData == FixedBytes(repeating: 2))
        #expect(decoded.measurement == FixedBytes(repeating: 3))
    }

    @Test(
        "lays out a report as the hardware does",
        arguments: [
            "genoa-v3-vcek-azure-1", "genoa-v3-vcek-other-2", "genoa-v5-vcek-other-1", "milan-v3-vcek-azure-2",
            "milan-v2-vcek-other-2", "milan-v3-vcek-gcp-3", "milan-v3-vcek-gcp-5", "milan-v3-vlek-aws-2",
            "turin-v5-vcek-azure-1",
            "turin-v5-vcek-gcp-1",
        ])
    func sameBytes(_ name: String) throws {
        let file = try SharedFolder.url("vectors/snp/\(name)/report.bin")
        let bytes = [UInt8](try Data(contentsOf: file))
        let real = try AttestationReport(decoding: bytes.span)
        var report = SimulatedReport(try Rehearsal().chip)
        report.copy(real)
        #expect(report.encoded.hex == bytes.prefix(SimulatedReport.signedByteCount).hex)
    }
}

extension SimulatedReport {
    /// Takes every field of a decoded report.
    fileprivate mutating func copy(_ real: AttestationReport) {
        (version, guestSVN, policy) = (real.version, real.guestSVN, real.policy.rawValue)
        (familyID, imageID, vmpl) = (real.familyID, real.imageID, real.vmpl)
        (platformInfo, signerInfo) = (real.platformInfo.rawValue, real.signer.rawValue)
        (reportData, measurement, hostData) = (real.reportData, real.measurement, real.hostData)
        (idKeyDigest, authorKeyDigest) = (real.idKeyDigest, real.authorKeyDigest)
        (reportID, migrationAgentReportID, chipID) = (real.reportID, real.migrationAgentReportID, real.chipID)
        (currentTCB, reportedTCB) = (real.tcb.current.bytes, real.tcb.reported.bytes)
        (committedTCB, launchTCB) = (real.tcb.committed.bytes, real.tcb.launch.bytes)
        if let real = real.processor { processor = (real.family, real.model, real.stepping) }
        (currentFirmware, committedFirmware) = (real.currentFirmware, real.committedFirmware)
        if let real = real.mitigations { (launchMitigations, currentMitigations) = (real.launch, real.current) }
    }
}
