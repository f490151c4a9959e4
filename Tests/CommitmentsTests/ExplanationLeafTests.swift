import Commitments
import Foundation
import Primitives
import TestSupport
import Testing

/// Whatever one signs can be read: no value of a manifest changes its digest alone.
@Suite("Every value of a manifest")
struct ExplanationLeafTests {
    /// Values that can be nothing else yet. What is valid one day is explained that day.
    private static let fixed = ["version", "outputs.2.noise.0.mechanism"]
    /// Values that the explanation counts, and shows on demand.
    private static let counted = ["salt", "sealingKey"]
    /// What only a manifest in a plan has. The tests of plans hold that it is explained.
    private static let planned: Set<String> = ["plan", "session"]

    private func text(_ manifest: Manifest, all: Bool) -> String {
        let explanation = Explanation(of: .draft(manifest), addressBook: AddressBook())
        return masked(explanation.text(colour: false, all: all), manifest)
    }

    private func masked(_ text: String, _ manifest: Manifest) -> String {
        text.replacingOccurrences(of: manifest.digest.prefixed, with: "…")
            .replacingOccurrences(of: manifest.digest.description, with: "…")
            .replacingOccurrences(of: manifest.digest.words(10), with: "…")
    }

    private func json(_ manifest: Manifest) -> String {
        let explanation = Explanation(of: .draft(manifest), addressBook: AddressBook())
        return masked(String(decoding: explanation.json(of: manifest).canonicalBytes, as: UTF8.self), manifest)
    }

    @Test("is in the manifest of these tests, which uses each key that is read")
    func keys() throws {
        let folders = ["Commitments", "Formats", "Formats/CSV", "Formats/JSON", "Formats/Rules"]
        let reading = #/(?:required|optional|integer|choice|hex|object|parsed|string|array|bool)\(\s*"([A-Za-z0-9]+)"/#
        var keys: Set<String> = []
        for name in folders {
            let folder = Repository.root.appending(path: "Sources/\(name)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            for file in files where file.hasSuffix(".swift") {
                let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                keys.formUnion(text.matches(of: reading).map { String($0.1) })
            }
        }
        #expect(keys.count > 60)
        let used = Set(FullManifest.value.paths.flatMap { $0.split(separator: ".").map(String.init) })
        #expect(keys.subtracting(used) == Self.planned)
        _ = try ManifestExample.manifest(FullManifest.value)
    }

    @Test("changes what explain says, in text and in JSON", arguments: FullManifest.leaves)
    func leaf(_ path: String) throws {
        let variants = try FullManifest.variants(of: path)
        guard !Self.fixed.contains(path) else {
            #expect(variants.isEmpty, "\(path) can be something else now: explain it")
            return
        }
        try #require(!variants.isEmpty, "no other value of \(path) is known to these tests")
        let base = try ManifestExample.manifest(FullManifest.value)
        let isCounted = Self.counted.contains { path.hasSuffix($0) }
        for variant in variants {
            let other = try ManifestExample.manifest(variant)
            #expect(text(base, all: true) != text(other, all: true), "\(path)")
            #expect(json(base) != json(other), "\(path)")
            #expect((text(base, all: false) == text(other, all: false)) == isCounted, "\(path)")
        }
    }

    @Test("that is taken out of a list changes what explain says")
    func elements() throws {
        let base = try ManifestExample.manifest(FullManifest.value)
        let elements = FullManifest.value.paths.filter { Int($0.split(separator: ".").last ?? "") != nil }
        let valid = elements.map { FullManifest.value.setting($0, to: nil) }.filter(FullManifest.isManifest)
        #expect(valid.count > 5)
        for value in valid {
            #expect(try text(base, all: false) != text(ManifestExample.manifest(value), all: false))
        }
    }

    @Test("stands in the JSON with all lines and details of the text")
    func sameValues() throws {
        let manifest = try ManifestExample.manifest(FullManifest.value)
        let explanation = Explanation(of: .draft(manifest), addressBook: AddressBook())
        let json = json(manifest)
        for statement in explanation.sections.flatMap(\.statements) {
            #expect(json.contains(encoded(masked(statement.text, manifest))), "\(statement.text)")
            for line in statement.lines + statement.details {
                switch line {
                case .value(let value): #expect(json.contains(encoded(masked(value, manifest))), "\(value)")
                case .quote(_, let text): #expect(json.contains(encoded(text.description)), "\(text)")
                }
            }
        }
    }

    private func encoded(_ text: String) -> String {
        String(decoding: JSONValue.string(text).canonicalBytes, as: UTF8.self)
    }
}
