import Commitments
import Foundation
import Keys
import Primitives
import TestSupport
import Testing

@Suite("docs/MANIFEST.md")
struct DocumentationTests {
    private func page(_ name: String = "MANIFEST") throws -> String {
        try String(contentsOf: Repository.root.appending(path: "docs/\(name).md"), encoding: .utf8)
    }

    @Test("explains every key of the example")
    func keys() throws {
        let (manifest, formats, evidence) = (try page(), try page("FORMATS"), try page("EVIDENCE"))
        for path in ManifestExample.value.paths {
            let steps = path.split(separator: ".")
            guard let key = steps.last, Int(key) == nil, steps.dropLast().last != "properties" else { continue }
            if let field = steps.dropLast().last, ["policy", "platformInfo"].contains(field) {
                #expect(evidence.contains("`\(field).\(key)`"), "\(path)")
                continue
            }
            let page = steps.contains("format") && key != "format" ? formats : manifest
            #expect(page.contains("`\(key)`") || page.contains("\"\(key)\""), "\(path)")
        }
    }

    @Test("names every word that a value can be")
    func words() throws {
        let page = try page()
        let words =
            Component.Clock.allCases.map(\.rawValue) + Component.Randomness.allCases.map(\.rawValue)
            + LogChannel.Stream.allCases.map(\.rawValue) + SEVProduct.allCases.map(\.rawValue)
            + BitWords.allCases.flatMap { $0.rules.map(\.word) }
            + SEVSNPRequirements.EndorsementKey.allCases.map(\.rawValue)
            + SEVSNPRequirements.Permission.allCases.map(\.rawValue)
            + PlatformRequirements.Binding.allCases.map(\.rawValue)
        for word in words { #expect(page.contains("\"\(word)\""), "\(word)") }
    }

    @Test("states the bounds that the code holds")
    func bounds() throws {
        let page = try page()
        for text in [PayloadType.manifest.name, "at most 1 MiB", "1 to 64", "at most 1,024", "268,435,456"] {
            #expect(page.contains(text), "\(text)")
        }
    }
}
