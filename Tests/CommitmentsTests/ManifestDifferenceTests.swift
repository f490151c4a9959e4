import Commitments
import Primitives
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

    @Test("prints a line for each change, long values cut")
    func text() throws {
        let key = try #require(ManifestExample.value.at("participants.0.sealingKey"))
        let value = ManifestExample.ownValue.setting("participants.0.sealingKey", to: key)
        let difference = ManifestDifference(
            from: try ManifestExample.manifest(), to: try ManifestExample.manifest(value))
        #expect(difference.text.hasPrefix("~ participants[hospital-a].sealingKey: \"xwing:"))
        #expect(difference.text.count < 500)
        #expect(difference.json.at("0.after") == key)
    }
}
