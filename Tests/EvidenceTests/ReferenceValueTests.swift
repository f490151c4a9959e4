import Commitments
import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

/// A manifest's `platform` and what the appraisal makes of it.
@Suite("Reference values")
struct ReferenceValueTests {
    /// The example manifest with one key of its platform replaced, `.` between levels.
    static func platform(_ path: String = "", _ value: Any = 0) throws -> ReferenceValues {
        let file = Repository.root.appending(path: "docs/examples/manifest.json")
        var manifest = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var platform = try #require(manifest["platform"] as? [String: Any])
        let names = path.split(separator: ".").map(String.init)
        if names.count == 1 { platform[names[0]] = value }
        if names.count == 2 {
            var inner = try #require(platform[names[0]] as? [String: Any])
            inner[names[1]] = value
            platform[names[0]] = inner
        }
        manifest["platform"] = platform
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: manifest))
        return ReferenceValues(try Manifest(decoding: bytes).platform)
    }

    @Test("ask for AMD's root wherever a manifest does not say simulated")
    func kind() throws {
        #expect(try Self.platform().platform == .sevSNP)
        #expect(try !Self.platform().isRehearsal)
        let simulated = PlatformRequirements.simulated(binding: .lock, measurements: [FixedBytes(repeating: 1)])
        #expect(ReferenceValues(simulated).platform == .simulated)
        #expect(ReferenceValues(simulated).isRehearsal)
    }

    @Test("follow each bit of the guest policy that a manifest names")
    func policyBits() throws {
        for bit in GuestPolicyBit.allCases {
            for (word, rule) in bit.facts.words.rules {
                #expect(try Self.platform("policy.\(bit.facts.key)", word).policy[bit] == rule)
            }
        }
        #expect(try Self.platform().policy[.debug] == .forbidden)
        #expect(try Self.platform().policy[.migrationAgent] == .forbidden)
    }

    @Test("follow each bit of the platform's information that a manifest names")
    func platformBits() throws {
        for bit in PlatformInfoBit.allCases {
            for (word, rule) in bit.facts.words.rules {
                #expect(try Self.platform("platformInfo.\(bit.facts.key)", word).platformInfo[bit] == rule)
            }
        }
    }

    @Test("follow every other key of a manifest's platform")
    func values() throws {
        #expect(try Self.platform("vmpl", 2).vmpl == .value(2))
        #expect(try Self.platform("guestSVN", 9).guestSVN == 9)
        #expect(try Self.platform().reportVersion == 5)
        #expect(try Self.platform().signingKeys == .value([.vcek]))
        #expect(try Self.platform("chips", "any").chips == .any)
        let chip = String(repeating: "0d", count: 64)
        #expect(
            try Self.platform("chips", [chip]).chips
                == .listed(chipIDs: [FixedBytes(repeating: 0x0D)], providers: []))
        #expect(
            try Self.platform("familyID", String(repeating: "0a", count: 16)).familyID
                == .value(FixedBytes(repeating: 0x0A)))
        #expect(
            try Self.platform("imageID", String(repeating: "0b", count: 16)).imageID
                == .value(FixedBytes(repeating: 0x0B)))
        let digest = String(repeating: "0c", count: 48)
        #expect(try Self.platform("idKeys", [digest]).idKeys == .listed([FixedBytes(repeating: 0x0C)]))
        #expect(try Self.platform("authorKeys", [digest]).authorKeys == .listed([FixedBytes(repeating: 0x0C)]))
        #expect(try Self.platform("measurements", [digest]).measurements == .value([FixedBytes(repeating: 0x0C)]))
        let firmware = FirmwareVersion(major: 1, minor: 2, build: 3)
        #expect(try Self.platform("firmware", ["major": 1, "minor": 2, "build": 3]).firmware == .value(firmware))
        #expect(try Self.platform("firmware", "any").firmware == .any)
        #expect(try Self.platform("provisionalFirmware", "allowed").provisionalFirmware == .allowed)
        #expect(try Self.platform("mitigations", "000000000000000f").mitigations == .value(15))
        let floor = ["bootLoader": 1, "tee": 2, "snp": 3, "microcode": 4]
        guard case .value(let floors) = try Self.platform("minimumTCB.Genoa", floor).minimumTCB else {
            Issue.record("a manifest has floors")
            return
        }
        #expect(floors[.genoa] == TCBFloor(fmc: 0, bootLoader: 1, tee: 2, snp: 3, microcode: 4))
        #expect(floors[.turin] == TCBFloor(fmc: 1, bootLoader: 1, tee: 1, snp: 4, microcode: 81))
        #expect(floors[.milan] == nil)
    }

    @Test("are the example manifest's in the template of a platform, but for image, chips and products")
    func template() throws {
        func platform(_ name: String) throws -> [String: Any] {
            let file = Repository.root.appending(path: "docs/examples/\(name).json")
            let value = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            return value["platform"] as? [String: Any] ?? value
        }
        func floor(_ platform: [String: Any]) -> NSDictionary? {
            (platform["minimumTCB"] as? [String: Any])?["Genoa"] as? NSDictionary
        }
        let (example, template) = try (platform("manifest"), platform("platform"))
        #expect(floor(template) != nil && floor(template) == floor(example))
        let others = ["measurements", "chips", "products", "minimumTCB"]
        func rest(_ platform: [String: Any]) -> NSDictionary {
            platform.filter { !others.contains($0.key) } as NSDictionary
        }
        #expect(rest(template) == rest(example))
    }

    @Test("leave the example manifest's evidence to the machine that it names")
    func example() throws {
        // The test's Genoa is another machine, with another image, under no session's binding.
        var scenario = try Scenario()
        scenario.reference = try Self.platform()
        let rules = Set(try scenario.appraise().contraindications)
        #expect(rules.isSuperset(of: [.platformKind, .measurement, .chip]))
    }
}

@Suite("The documentation of evidence")
struct EvidenceDocumentationTests {
    private func page() throws -> String {
        try String(contentsOf: Repository.root.appending(path: "docs/EVIDENCE.md"), encoding: .utf8)
    }

    @Test("names every finding by its code, and no other")
    func codes() throws {
        let page = try page()
        for rule in Finding.Rule.allCases { #expect(page.contains("| `\(rule.rawValue)` |"), "\(rule.rawValue)") }
        let rows = page.matches(of: /\n\| `(evidence\.[a-z0-9.-]+)` \|/).map { String($0.1) }
        #expect(Set(rows) == Set(Finding.Rule.allCases.map(\.rawValue)))
    }

    @Test("names every key of a bundle and of an appraisal")
    func keys() throws {
        let page = try page()
        let scenario = try SessionScenario()
        for member in try BundleTests.members(scenario.bundle) { #expect(page.contains("| `\(member.name)` |")) }
        guard case .object(let members) = scenario.appraise().json(at: scenario.verifier.time) else {
            Issue.record("an appraisal is an object")
            return
        }
        #expect(members.map(\.name) == ["version", "verdict", "time", "report", "session", "findings"])
        for member in members { #expect(page.contains("| `\(member.name)` |")) }
    }

    @Test("pins the roots that the code pins")
    func roots() throws {
        let page = try page()
        for product in SEVProduct.allCases {
            let digest = try #require(product.rootKeyDigest)
            #expect(page.contains("`\(digest)`"))
        }
    }

    @Test("names every key of a policy file")
    func policyKeys() throws {
        let page = try page()
        let file = Repository.root.appending(path: "docs/examples/policy-strict.json")
        let value = try JSONValue(
            parsing: [UInt8](try Data(contentsOf: file)), maximumByteCount: PolicyFile.maximumByteCount)
        for name in Set(value.names) { #expect(page.contains("`\(name)`"), "\(name)") }
    }
}

extension JSONValue {
    /// Every member's name, at any depth.
    fileprivate var names: [String] {
        switch self {
        case .object(let members): members.map(\.name) + members.flatMap(\.value.names)
        case .array(let elements): elements.flatMap(\.names)
        default: []
        }
    }
}

@Suite("A report's listing")
struct ReportListingTests {
    @Test("shows every field that is not reserved, once, in order", arguments: [2, 3, 5] as [UInt8])
    func fields(_ version: UInt8) throws {
        var report = TestReport()
        report.setVersion(version)
        let listing = try report.signed().listing
        var offsets = [
            0x00, 0x04, 0x08, 0x10, 0x20, 0x30, 0x34, 0x38, 0x40, 0x48, 0x50, 0x90, 0xC0, 0xE0, 0x110, 0x140, 0x160,
            0x180,
        ]
        if version >= 3 { offsets.append(0x188) }
        offsets += [0x1A0, 0x1E0, 0x1E8, 0x1EC, 0x1F0]
        if version >= 5 { offsets += [0x1F8, 0x200] }
        #expect(listing.map(\.offset) == offsets + [0x2A0])
        #expect(Set(listing.map(\.name)).count == listing.count)
    }

    @Test("spells out each bit as it stands")
    func bits() throws {
        let listing = try TestReport().signed().listing
        let policy = try #require(listing.first { $0.name == "POLICY" })
        #expect(policy.bits.filter(\.isSet).map(\.name) == ["SMT", "SINGLE_SOCKET"])
        let platform = try #require(listing.first { $0.name == "PLATFORM_INFO" })
        #expect(platform.bits.filter(\.isSet).map(\.position) == [0, 2, 5])
    }
}
