import Commitments
import Primitives
import TestSupport
import Testing

@Suite("The difference of two manifests")
struct ManifestDifferenceTests {
    private func changes(_ changes: (String, JSONValue?)...) throws -> [ManifestDifference.Change] {
        let value = changes.reduce(ManifestExample.ownValue) { $0.setting($1.0, to: $1.1) }
        return ManifestDifference(
            from: try ManifestExample.manifest(), to: try ManifestExample.manifest(value)
        ).changes
    }

    @Test("is empty for one manifest in two layouts")
    func same() throws {
        let other = try Manifest(decoding: ManifestExample.ownValue.indentedBytes)
        #expect(ManifestDifference(from: try ManifestExample.manifest(), to: other).isEmpty)
    }

    @Test("names the one value that changed")
    func values() throws {
        let memory = try changes(("components.1.memoryMiB", 65))
        #expect(memory.map(\.place) == ["components[moments-b].memoryMiB"])
        #expect(memory.first?.before == 64)
        #expect(memory.first?.after == 65)
        #expect(try changes(("platform.vmpl", 1)).map(\.place) == ["platform.vmpl"])
        #expect(try changes(("purpose", "Other")).map(\.place) == ["purpose"])
    }

    @Test("names what is new and what is gone")
    func entries() throws {
        let mount: JSONValue = ["component": "moments-b", "mount": "patients-a", "path": "/more/a"]
        let added = try changes(("channels.6", mount))
        #expect(added.map(\.place) == ["channels[mount patients-a in moments-b]"])
        #expect(added.first?.before == nil)
        #expect(added.first?.after == mount)
        let gone = try changes(("outputs.0.recipients", ["hospital-a", "statistician"]))
        #expect(gone.map(\.place) == ["outputs[coefficients].recipients[hospital-b]"])
        #expect(gone.first?.after == nil)
    }

    @Test("hides no change of order, which changes the digest too")
    func order() throws {
        let swapped = try changes(("outputs.0.recipients", ["hospital-b", "hospital-a", "statistician"]))
        #expect(swapped.map(\.place) == ["outputs[coefficients].recipients, order"])
    }

    @Test("tells apart what has one name")
    func repeatedKeys() throws {
        let first: JSONValue = ["mount": "patients-a", "component": "moments-b", "path": "/more/a"]
        let second: JSONValue = ["mount": "patients-a", "component": "moments-b", "path": "/more/b"]
        let before = ManifestExample.ownValue.setting("channels.6", to: first).setting("channels.7", to: second)
        let after = before.setting("channels.7.path", to: "/more/c")
        let difference = ManifestDifference(
            from: try ManifestExample.manifest(before), to: try ManifestExample.manifest(after))
        #expect(difference.changes.map(\.place) == ["channels[mount patients-a in moments-b, number 2].path"])
    }

    @Test("prints a line for each change on demand, long values cut and what may be words marked")
    func text() throws {
        let key = try #require(ManifestExample.value.at("participants.0.sealingKey"))
        let value = ManifestExample.ownValue.setting("participants.0.sealingKey", to: key)
            .setting("purpose", to: "Other words").setting("platform.vmpl", to: 1)
        let difference = ManifestDifference(
            from: try ManifestExample.manifest(), to: try ManifestExample.manifest(value))
        let text = difference.text(colour: false, paths: true)
        #expect(text.contains("\n~ participants[hospital-a].sealingKey\n   | \"xwing:"))
        #expect(text.contains("\n   | \"Other words\"\n"))
        #expect(text.contains("\n~ platform.vmpl: 0 → 1\n"))
        #expect(text.utf8.count < 2000)
        #expect(!difference.text(colour: false).contains("~ "))
        #expect(difference.json.at("changes.0.after") == key)
    }

    private func told(_ changes: (String, JSONValue?)..., back: Bool = false) throws -> [String] {
        let value = changes.reduce(ManifestExample.ownValue) { $0.setting($1.0, to: $1.1) }
        let manifests = (try ManifestExample.manifest(), try ManifestExample.manifest(value))
        let difference = ManifestDifference(
            from: back ? manifests.1 : manifests.0, to: back ? manifests.0 : manifests.1)
        return difference.consequences.map {
            "\($0.effect.rawValue) \($0.statement.severity.rawValue) \($0.statement.text)"
        }
    }

    @Test("says first who can learn more")
    func learning() throws {
        let narrow: [(String, JSONValue?)] = [("outputs.0.recipients", ["hospital-a", "statistician"])]
        let gone = try told(narrow[0])
        #expect(gone.contains("stricter notice hospital-b no longer receives coefficients."))
        #expect(
            gone.contains { $0.hasPrefix("stricter notice hospital-b can no longer learn what the code lets out of") })
        let more = try told(narrow[0], back: true)
        #expect(
            more.first
                == "learning warning hospital-b can now learn what the code lets out of patients-a, and how moments-a, "
                + "moments-b and regression behave.")
        #expect(more.contains("learning warning hospital-b receives coefficients now."))
        let text = ManifestDifference(
            from: try ManifestExample.manifest(),
            to: try ManifestExample.manifest(ManifestExample.ownValue.setting("limits.wallTimeSeconds", to: 120))
        )
        .text(colour: false)
        #expect(text.hasPrefix("Who can learn more\n   Nobody.\n\nWhich bounds widened\n!  The run may take 2 minutes"))
    }

    @Test("says which bounds widened, and which grew narrower")
    func bounds() throws {
        let wide = ("outputs.1.maximumBytes", JSONValue.integer(1 << 40))
        #expect(try told(wide) == ["wider warning regression-log may have 1 TiB instead of 16 KiB."])
        #expect(try told(wide, back: true) == ["stricter notice regression-log may have 16 KiB instead of 1 TiB."])
        let any = ("data.0.commitment", JSONValue.string("any"))
        #expect(try told(any) == ["wider warning patients-a is not pinned any more: any content is taken."])
        #expect(try told(any, back: true).first?.hasPrefix("stricter notice patients-a is pinned now") == true)
        let mount: JSONValue = ["component": "moments-b", "mount": "patients-a", "path": "/more/a"]
        #expect(try told(("channels.6", mount)) == ["wider warning New: moments-b reads patients-a at /more/a."])
    }

    @Test("says how much more an output can tell, and which rules are gone")
    func formats() throws {
        let any = ("outputs.1.format", JSONValue.string("any"))
        let told = try told(any)
        #expect(told.contains("wider warning regression-log can tell at most 131,073 bits instead of 1,318 bits."))
        #expect(told.contains { $0.hasPrefix("other notice outputs[regression-log].format is another:") })

        let full = try ManifestExample.manifest(FullManifest.value)
        let bare = try ManifestExample.manifest(
            ["noise", "minimumGroup", "round"].reduce(FullManifest.value) { $0.setting("outputs.2.\($1)", to: nil) })
        func words(_ difference: ManifestDifference) -> [String] {
            difference.consequences.map { "\($0.effect.rawValue) \($0.statement.text)" }
        }
        let gone = words(ManifestDifference(from: full, to: bare))
        #expect(gone.contains("wider by-region has no noise any more on this column:"))
        #expect(gone.contains("wider by-region has no smallest group any more by this column:"))
        #expect(gone.contains("wider by-region is not rounded any more on this column:"))
        let new = words(ManifestDifference(from: bare, to: full))
        #expect(new.contains("stricter by-region has noise now on this column:"))
        #expect(new.contains("stricter by-region has a smallest group of 10 now by this column:"))
        let less = try ManifestExample.manifest(
            FullManifest.value.setting("outputs.2.minimumGroup.atLeast", to: 5)
                .setting("outputs.2.noise.0.scale", to: "1"))
        let fewer = words(ManifestDifference(from: full, to: less))
        #expect(fewer.contains("wider by-region has a smallest group of 5 instead of 10 by this column:"))
        #expect(fewer.contains("wider by-region has noise of scale 1 instead of 2.5 on this column:"))
    }

    @Test("says what became a waiver, and what the machine need no longer prove")
    func demands() throws {
        let chips = ("platform.chips", JSONValue.string("any"))
        #expect(try told(chips).first?.hasPrefix("weaker danger Waived, chips: Any AMD chip") == true)
        #expect(try told(chips, back: true).first?.hasPrefix("stricter notice No longer waived: chips.") == true)
        let floor = ("platform.minimumTCB.Genoa.snp", JSONValue.integer(1))
        #expect(try told(floor) == ["weaker warning Genoa's SNP must be at least 1 instead of 27."])
        #expect(try told(floor, back: true) == ["stricter notice Genoa's SNP must be at least 27 instead of 1."])
        let zeros = JSONValue.string(String(repeating: "00", count: 48))
        #expect(try told(("platform.measurements.1", zeros)) == ["weaker warning One more image is accepted:"])
    }

    @Test("cries out at other keys")
    func keys() throws {
        let other = try #require(ManifestExample.value.at("participants.0.signingKey"))
        let told = try told(("participants.0.signingKey", other))
        #expect(told.count == 1 && told[0].hasPrefix("people danger hospital-a signs with another key:"))
    }

    @Test("tells every value that changes, in both directions", arguments: FullManifest.leaves)
    func leaf(_ path: String) throws {
        let base = try ManifestExample.manifest(FullManifest.value)
        for variant in try FullManifest.variants(of: path) {
            let other = try ManifestExample.manifest(variant)
            for (before, after) in [(base, other), (other, base)] {
                let difference = ManifestDifference(from: before, to: after)
                #expect(!difference.isEmpty)
                #expect(!difference.consequences.isEmpty, "\(path)")
            }
        }
    }
}
