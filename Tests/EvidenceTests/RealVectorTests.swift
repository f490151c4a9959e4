import Commitments
import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Recorded evidence")
struct RealVectorTests {
    @Test("has every field that its provenance states", arguments: RealVector.all)
    func fields(_ vector: RealVector) throws {
        let report = try vector.report
        let stated = try vector.provenance
        func text(_ name: String) throws -> String {
            guard case .string(let text) = stated[name] else { return "" }
            return text
        }
        #expect(SHA256Digest(sha256: report.encoded).description == (try text("report_sha256")))
        #expect(stated["report_version"] == .integer(Int(report.version)))
        #expect(stated["guest_svn"] == .integer(Int(report.guestSVN)))
        #expect(stated["vmpl"] == .integer(Int(report.vmpl)))
        #expect("0x" + String(report.policy.rawValue, radix: 16) == (try text("policy")))
        #expect("0x" + String(report.platformInfo.rawValue, radix: 16) == (try text("platform_info")))
        #expect("0x" + String(report.signer.rawValue, radix: 16) == (try text("key_flags")))
        #expect("\(report.signer.signingKey)" == (try text("signing_key").lowercased()))
        let cpuid = report.processor.map { [$0.family, $0.model, $0.stepping].hex } ?? "000000"
        #expect(cpuid == (try text("cpuid_fam_mod_step")))
        #expect(report.chipID.description == (try text("chip_id")))
        #expect(report.reportData.description == (try text("report_data")))
        #expect(report.measurement.description == (try text("measurement")))
        #expect(report.hostData.description == (try text("host_data")))
        #expect(report.familyID.description == (try text("family_id")))
        #expect(report.imageID.description == (try text("image_id")))
        #expect(report.idKeyDigest.description == (try text("id_key_digest")))
        #expect(report.authorKeyDigest.description == (try text("author_key_digest")))
        #expect(report.reportID.description == (try text("report_id")))
        #expect(report.migrationAgentReportID.description == (try text("report_id_ma")))
        let firmware = report.currentFirmware
        #expect("\(firmware.major).\(firmware.minor).\(firmware.build)" == (try text("fw_current")))
        #expect(mitigationText(report.mitigations?.launch) == (try text("launch_mit")))
        #expect(mitigationText(report.mitigations?.current) == (try text("current_mit")))
    }

    @Test("has the TCB versions that its provenance states", arguments: RealVector.all)
    func tcb(_ vector: RealVector) throws {
        let report = try vector.report
        let stated = try vector.provenance
        let product = try #require(try vector.endorsements.leaf?.product)
        #expect(stated["product"] == .string(product.rawValue.lowercased()))
        #expect(stated["reported_tcb_raw"] == .string(report.tcb.reported.description))
        let layout: TCBLayout = product == .turin ? .turin : .milanAndGenoa
        let named = [
            ("current_tcb", report.tcb.current), ("reported_tcb", report.tcb.reported),
            ("committed_tcb", report.tcb.committed), ("launch_tcb", report.tcb.launch),
        ]
        for (name, encoded) in named {
            let version = try #require(encoded.decoded(as: layout))
            var members: [JSONMember] = []
            if let fmc = version.fmc { members.append(JSONMember("fmc", .integer(Int(fmc)))) }
            members += [
                JSONMember("boot_loader", .integer(Int(version.bootLoader))),
                JSONMember("tee", .integer(Int(version.tee))), JSONMember("snp", .integer(Int(version.snp))),
                JSONMember("microcode", .integer(Int(version.microcode))),
            ]
            #expect(stated[name] == .object(members), "\(name)")
        }
    }

    @Test(
        "is affirmed as far as nobody asks more of it, but for the one that can be debugged",
        arguments: RealVector.all)
    func verifies(_ vector: RealVector) throws {
        let verification = try vector.endorsements.verified()
        let appraisal = try vector.verifier.appraise(vector.report, endorsed: verification)
        let debuggable = try vector.name == RealVector.fetched.name
        #expect(appraisal.contraindications == (debuggable ? [.debug] : []))
        #expect(appraisal.isAffirmed == !debuggable)
    }

    @Test(
        "is as strong as the example manifest demands, and no stronger: one more of any part refuses it",
        arguments: ["genoa-v5-vcek-other-1", "turin-v5-vcek-azure-1"])
    func example(_ name: String) throws {
        let vector = try #require(RealVector.named(name))
        let verification = try vector.endorsements.verified()
        var reference = try ReferenceValueTests.platform()
        // Another image on another chip, and what the owner of that guest let its platform do.
        reference.measurements = .any
        reference.chips = .any
        for bit in GuestPolicyBit.allCases { reference.policy[bit] = .any }
        func contraindications(_ reference: ReferenceValues) throws -> [Finding.Rule] {
            try vector.verifier.appraise(vector.report, endorsed: verification, against: reference).contraindications
        }
        #expect(try contraindications(reference) == [])
        guard case .value(let floors) = reference.minimumTCB else { return }
        let product = try #require(try vector.endorsements.leaf?.product)
        let floor = try #require(floors[product])
        let parts = [floor.fmc, floor.bootLoader, floor.tee, floor.snp, floor.microcode]
        for index in parts.indices where product == .turin || index > 0 {
            var more = parts
            more[index] += 1
            var stricter = reference
            let raised = TCBFloor(
                fmc: more[0], bootLoader: more[1], tee: more[2], snp: more[3], microcode: more[4])
            stricter.minimumTCB = .value([product: raised])
            #expect(Set(try contraindications(stricter)) == [.tcbMinimum], "part \(index)")
        }
    }

    @Test("is affirmed beside AMD's own revocation list", arguments: RealVector.all.filter { !$0.isVLEK })
    func revocationLists(_ vector: RealVector) throws {
        var endorsements = try vector.endorsements
        endorsements.revocationList = try vector.revocationList
        var verifier = try vector.verifier
        verifier.waivers = [.milan]
        let appraisal = verifier.appraise(try vector.report, endorsed: endorsements.verified())
        #expect(appraisal.contraindications.filter { $0 != .debug } == [])
    }

    @Test("is contraindicated by default where it comes from Milan", arguments: RealVector.all)
    func milan(_ vector: RealVector) throws {
        var verifier = try vector.verifier
        verifier.waivers = [.revocation]
        let appraisal = try verifier.appraise(vector.report, endorsed: vector.endorsements.verified())
        #expect(appraisal.contraindications.contains(.milan) == vector.name.hasPrefix("milan"))
    }

    @Test("is contraindicated before and after its certificates hold", arguments: RealVector.all)
    func outsideValidity(_ vector: RealVector) throws {
        let verification = try vector.endorsements.verified()
        let validity = try #require(try vector.endorsements.leaf).certificate.validity
        let tolerance = Verifier.clockToleranceSeconds
        for (offset, moment) in [(-tolerance - 1, validity.notBefore), (1, validity.notAfter)] {
            var verifier = try vector.verifier
            verifier.time = try #require(Timestamp(unixSeconds: moment.unixSeconds + offset))
            let outside = verifier.appraise(try vector.report, endorsed: verification)
            #expect(outside.contraindications.contains(.certificateValidity))
            verifier.time = moment
            let inside = verifier.appraise(try vector.report, endorsed: verification)
            #expect(!inside.contraindications.contains(.certificateValidity))
        }
    }

    @Test("is contraindicated with another chip's or TCB's certificate")
    func foreignLeaf() throws {
        let vector = try #require(RealVector.named("genoa-v5-vcek-other-1"))
        let other = try #require(RealVector.named("genoa-v3-vcek-other-2"))
        let verification = try other.endorsements.verified()
        let rules = try vector.verifier.appraise(vector.report, endorsed: verification).contraindications
        #expect(Set(rules) == [.reportSignature, .chipCertificate, .tcbCertificate])
    }

    private func mitigationText(_ value: UInt64?) -> String {
        (0..<8).map { UInt8(truncatingIfNeeded: (value ?? 0) >> (8 * UInt64($0))) }.hex
    }
}

@Suite("AMD's certificates")
struct AuthorityCertificateTests {
    static let products = ["milan", "genoa", "turin"]

    @Test("are pinned by the root's key", arguments: products)
    func roots(_ product: String) throws {
        let root = try Certificate(decoding: try RealVector.bytes("ca/ark-\(product).der"))
        let pinned = SEVProduct.allCases.first { $0.rawValue.lowercased() == product }
        #expect(root.publicKeyDigest == pinned?.rootKeyDigest)
        #expect(root.authority.isAuthority && root.authority.signsRevocationLists)
    }

    @Test("of both sorts of intermediate are their root's", arguments: ["ask", "asvk"], products)
    func intermediates(_ name: String, _ product: String) throws {
        let certificate = try Certificate(decoding: try RealVector.bytes("ca/\(name)-\(product).der"))
        #expect(certificate.issuer.commonName.lowercased() == "ark-\(product)")
        #expect(certificate.authority.isAuthority && !certificate.authority.signsRevocationLists)
        for other in Self.products {
            let root = try Certificate(decoding: try RealVector.bytes("ca/ark-\(other).der"))
            #expect(certificate.isSigned(by: root) == (other == product))
        }
    }

    @Test("are revoked as AMD's lists say", arguments: products)
    func lists(_ product: String) throws {
        let list = try RevocationList(decoding: try RealVector.bytes("crl/vcek-\(product).crl.der"))
        #expect(list.issuer.commonName.lowercased() == "ark-\(product)")
        #expect(list.revoked.map(\.description) == (product == "genoa" ? ["020001"] : []))
        #expect(list.nextUpdate.description == "2026-10-04T00:00:00Z")
        let live = try Certificate(decoding: try RealVector.bytes("ca/ask-\(product).der"))
        #expect(!list.revoked.contains(live.serialNumber))
    }

    @Test("are refused when the product was edited")
    func editedProduct() throws {
        let der = try RealVector.bytes("negative/genoa-vcek-product-edited-to-turin.der")
        // A Turin has another structure version and an FMC, so the edit alone is a contradiction.
        #expect(throws: CertificateError.malformedExtension(.productName)) {
            try EndorsementCertificate(decoding: der)
        }
        let issuer = try Certificate(decoding: try RealVector.bytes("ca/ask-genoa.der"))
        #expect(try !Certificate(decoding: der).isSigned(by: issuer))
    }

    @Test("are refused when someone else wrote them in AMD's name")
    func foreignSignature() throws {
        let der = try RealVector.bytes("negative/test-vcek-invalid-legacy.der")
        let issuer = try Certificate(decoding: try RealVector.bytes("ca/ask-milan.der"))
        let leaf = try EndorsementCertificate(decoding: der)
        #expect(leaf.certificate.issuer == issuer.subject)
        #expect(!leaf.certificate.isSigned(by: issuer))
        // The same with a tag around the hardware ID, which AMD's have not, and its specification has.
        let tagged = try EndorsementCertificate(decoding: RealVector.bytes("negative/test-vcek-invalid-new.der"))
        #expect(!tagged.certificate.isSigned(by: issuer))
    }
}
