import Commitments
import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

@Suite("The policy file")
struct PolicyFileTests {
    private func decode(_ changes: [String: String?]) throws -> PolicyFile {
        try PolicyFile(decoding: PolicyText.file(changes))
    }

    private func decode(rule: [String: String?]) throws -> PolicyFile {
        try decode(["products": "[\(PolicyText.product(PolicyText.rule(rule)))]"])
    }

    private func decode(closedBy: String, family: Int = 25, model: Int = 17) throws -> PolicyFile {
        let product = PolicyText.product(PolicyText.rule(closedBy), family: family, model: model)
        return try decode(["products": "[\(product)]"])
    }

    @Test("is refused without any of its keys", arguments: PolicyText.members.map(\.0))
    func missing(_ name: String) throws {
        _ = try decode([:])
        #expect(throws: EvidenceFileError.self) { try decode([name: nil]) }
    }

    @Test("is refused without any key of a rule")
    func missingInRules() throws {
        _ = try decode(rule: [:])
        let names = PolicyText.advisoryMembers.map(\.0) + ["whenOpen", "whenUndecidable", "closedBy"]
        for name in names {
            #expect(throws: EvidenceFileError.self, "\(name)") { try decode(rule: [name: nil]) }
        }
    }

    @Test(
        "is refused with another form, an unknown key, and a value out of bounds",
        arguments: [
            ("version", "1"), ("version", "3"), ("name", #""Strict""#), ("date", #""2026-1-1""#),
            ("earliestEngine", #""50.0""#), ("earliestEngine", "null"), ("revocationNotBefore", #""never""#),
            ("products", "[{}]"), ("refusedMeasurements", #"[""]"#), ("allow", "1"), ("notShown", "[{}]"),
            ("unlistedProcessors", #""any""#), ("unlistedProcessors", "true"),
        ])
    func refusals(_ name: String, _ value: String) {
        #expect(throws: EvidenceFileError.self) { try decode([name: value]) }
        #expect(throws: EvidenceFileError.self) { try PolicyFile(decoding: Array("[]".utf8)) }
    }

    @Test(
        "is refused where what closes an advisory demands nothing, or what no machine of the product can meet",
        arguments: [
            "[]", "[{}]", #"[{"current": {}}]"#, #"[{"current": {"snp": 0}}]"#, #"[{"current": {"snp": 256}}]"#,
            #"[{"current": {"fmc": 1}}]"#, #"[{"current": {"mitigations": "0000000000000000"}}]"#,
            #"[{"current": {"mitigations": "02"}}]"#,
            #"[{"launch": {"firmware": {"major": 1, "minor": 5, "build": 0}}}]"#,
            #"[{"current": {"firmware": {"major": 0, "minor": 0, "build": 0}}}]"#,
            #"[{"platformInfo": {"iommuWriteSafe": "required"}}]"#, #"[{"platformInfo": {"aliasCheck": "any"}}]"#,
            #"[{"platformInfo": {"iommu": "required"}}]"#, #"[{"guestPolicy": {"debug": "required"}}]"#,
            #"[{"platformInfo": {}}]"#, #""any""#, #"[{"current": {"snp": 27, "spl4": 1}}]"#,
        ])
    func emptyDemands(_ closedBy: String) {
        #expect(throws: EvidenceFileError.self) { try decode(closedBy: closedBy) }
    }

    @Test("has FMC versions and safe IOMMU writes on Turin alone, and no processor that is not known")
    func products() throws {
        let fmc = #"[{"current": {"fmc": 1}, "platformInfo": {"iommuWriteSafe": "required"}}]"#
        _ = try decode(closedBy: fmc, family: 26, model: 2)
        for (family, model) in [(25, 17), (26, 0x50), (23, 1), (255, 255)] {
            #expect(throws: EvidenceFileError.self) { try decode(closedBy: fmc, family: family, model: model) }
        }
    }

    @Test("is refused where it says one thing twice, or rules that are newer than itself")
    func contradictions() throws {
        let rule = PolicyText.rule(#""nothing""#)
        let measurement = #"{"measurement": "\#(String(repeating: "a5", count: 48))", "reason": "old"}"#
        let shown = "{\(PolicyText.advisoryMembers.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}"
        for changes in [
            ["products": "[\(PolicyText.product(rule, rule))]"],
            ["products": "[\(PolicyText.product(rule)), \(PolicyText.product())]"],
            ["refusedMeasurements": "[\(measurement), \(measurement)]"], ["notShown": "[\(shown), \(shown)]"],
        ] {
            #expect(throws: EvidenceFileError.self) { try decode(changes.mapValues { $0 }) }
        }
        _ = try decode(["notShown": "[\(shown)]", "refusedMeasurements": "[\(measurement)]"])
        #expect(throws: EvidenceFileError.self) { try decode(rule: ["date": #""2026-11-02""#]) }
        _ = try decode(rule: ["date": #""2026-11-01""#])
    }

    @Test("is refused with texts that a screen would obey, and with more than is ever looked at")
    func hostileTexts() throws {
        for text in [#""a\u001b[2Jb""#, #""a\nb""#, #""""#, #""\u202eb""#, "\"\(String(repeating: "x", count: 501))\""]
        {
            #expect(throws: EvidenceFileError.self) { try decode(rule: ["effect": text]) }
        }
        let many = (0..<129).map { PolicyText.rule(#""nothing""#, advisory: "A-\($0)") }.joined(separator: ", ")
        let product = #"{"family": 25, "model": 17, "stepping": 1, "rules": [\#(many)]}"#
        #expect(throws: EvidenceFileError.self) { try decode(["products": "[\(product)]"]) }
        let nine = [String](repeating: #"{"current": {"snp": 1}}"#, count: 9).joined(separator: ", ")
        #expect(throws: EvidenceFileError.self) { try decode(closedBy: "[\(nine)]") }
        let spaces = [UInt8](repeating: 0x20, count: PolicyFile.maximumByteCount)
        #expect(throws: EvidenceFileError.self) { try PolicyFile(decoding: PolicyText.file() + spaces) }
    }

    @Test("refuses engines before the earliest of all files")
    func engines() throws {
        let files = try ["50.0.1", "49.0.0"].map { try decode(["earliestEngine": "\"\($0)\""]) }
        let policy = VerifierPolicy(files)
        for (text, isRefused) in [("50.0.0", true), ("49.9.9", true), ("50.0.1", false), ("50.1.0", false)] {
            let findings = policy.findings(onEngine: try #require(EngineVersion(text)))
            #expect(findings.map(\.rule) == (isRefused ? [.policyEngine] : []))
        }
        #expect(VerifierPolicy.none.findings(onEngine: try #require(EngineVersion("0.0.1"))) == [])
        for text in ["", "50", "50.0.1.2", "50.0.-1", "050.0.1", "50.0.99999", "50.0.1 "] {
            #expect(EngineVersion(text) == nil)
        }
    }

    @Test("is in docs/examples a strict one and a permissive one, on the same attacks, with every figure unconfirmed")
    func examples() throws {
        let files = try ["strict", "permissive"].map { name in
            let file = Repository.root.appending(path: "docs/examples/policy-\(name).json")
            return try PolicyFile(decoding: [UInt8](try Data(contentsOf: file)))
        }
        for file in files {
            #expect(file.unconfirmedCount == file.ruleCount)
            #expect(file.notShown.allSatisfy { !$0.isConfirmed })
            #expect(file.products.count == 4 && file.unlistedProcessors == .refused)
        }
        for (strict, permissive) in zip(files[0].products, files[1].products) {
            #expect(strict.rules.map(\.advisory) == permissive.rules.map(\.advisory))
            #expect(strict.rules.map(\.closedBy) == permissive.rules.map(\.closedBy))
            #expect(strict.rules.allSatisfy { $0.whenOpen == .refused })
            #expect(permissive.rules.allSatisfy { $0.whenOpen == .told && $0.whenUndecidable == .told })
        }
        let effects = PolicyDifference(from: files[0], to: files[1]).changes.map(\.effect)
        #expect(!effects.isEmpty && effects.allSatisfy { $0 == .weaker })
        let back = PolicyDifference(from: files[1], to: files[0]).changes.map(\.effect)
        #expect(back.allSatisfy { $0 == .stricter } && back.count == effects.count)
        #expect(PolicyDifference(from: files[0], to: files[0]).changes == [])
    }

    @Test("is explained rule by rule, with what is not confirmed and what no report shows")
    func explanation() throws {
        let file = Repository.root.appending(path: "docs/examples/policy-strict.json")
        let policy = try PolicyFile(decoding: [UInt8](try Data(contentsOf: file)))
        let lines = VerifierPolicy([policy]).explanation(columns: 100)
        let text = lines.joined(separator: "\n")
        for product in policy.products {
            for rule in product.rules { #expect(text.contains(rule.advisory.identifier)) }
        }
        for advisory in policy.notShown { #expect(text.contains(advisory.title)) }
        #expect(lines.count { $0.contains("UNCONFIRMED") } == policy.ruleCount)
        #expect(lines.allSatisfy { $0.count <= 120 })
    }
}

@Suite("A difference of two policies")
struct PolicyDifferenceTests {
    private func effects(_ old: String, _ new: String) throws -> [PolicyDifference.Effect] {
        let files = try [old, new].map { closedBy in
            try PolicyFile(
                decoding: PolicyText.file(["products": "[\(PolicyText.product(PolicyText.rule(closedBy)))]"]))
        }
        return PolicyDifference(from: files[0], to: files[1]).changes.map(\.effect)
    }

    @Test("says of each change of figures whether it demands more, less, or something else")
    func figures() throws {
        let low = #"[{"current": {"snp": 23}}]"#, high = #"[{"current": {"snp": 27}}]"#
        let other = #"[{"current": {"microcode": 84}}]"#
        let either = #"[{"current": {"snp": 27}}, {"current": {"mitigations": "0000000000000002"}}]"#
        #expect(try effects(low, high) == [.stricter])
        #expect(try effects(high, low) == [.weaker])
        #expect(try effects(low, other) == [.other])
        #expect(try effects(high, either) == [.weaker])
        #expect(try effects(either, high) == [.stricter])
        #expect(try effects(high, #""nothing""#) == [.stricter])
        #expect(try effects(#""nothing""#, high) == [.weaker])
        #expect(try effects(#""unknown""#, high) == [.other])
        #expect(try effects(high, high) == [])
    }

    @Test("says what is missing from the later one")
    func missing() throws {
        let rule = PolicyText.rule(#""nothing""#)
        let measurement = #"[{"measurement": "\#(String(repeating: "a5", count: 48))", "reason": "old"}]"#
        let old = try PolicyFile(
            decoding: PolicyText.file([
                "products": "[\(PolicyText.product(rule))]", "refusedMeasurements": measurement,
                "revocationNotBefore": #""2026-10-01""#, "earliestEngine": #""50.0.1""#,
            ]))
        let new = try PolicyFile(
            decoding: PolicyText.file([
                "products": "[\(PolicyText.product())]", "unlistedProcessors": #""allowed""#,
                "revocationNotBefore": #""2026-09-01""#,
            ]))
        let changes = PolicyDifference(from: old, to: new).changes
        #expect(changes.count == 5 && changes.allSatisfy { $0.effect == .weaker })
    }

    @Test("says that a processor is taken once it is listed where others are refused, and judged where they are taken")
    func listing() throws {
        for (unlisted, isListed) in [("refused", true), ("refused", false), ("allowed", true), ("allowed", false)] {
            let files = try [isListed, !isListed].map { hasProduct in
                try PolicyFile(
                    decoding: PolicyText.file([
                        "products": hasProduct ? "[\(PolicyText.product())]" : "[]",
                        "unlistedProcessors": "\"\(unlisted)\"",
                    ]))
            }
            let isWeaker = (unlisted == "refused") == !isListed
            let effects = PolicyDifference(from: files[0], to: files[1]).changes.map(\.effect)
            #expect(effects == [isWeaker ? .weaker : .stricter], "\(unlisted), \(isListed)")
        }
    }
}
