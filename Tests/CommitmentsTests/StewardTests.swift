import Commitments
import Primitives
import TestSupport
import Testing

/// The five questions of whoever decides whether to sign, each answered by a sentence.
@Suite("A data steward is told")
struct StewardTests {
    private func explained(_ value: JSONValue = FullManifest.value) throws -> String {
        let manifest = try ManifestExample.manifest(value)
        return Explanation(of: .draft(manifest), addressBook: AddressBook(), reader: manifest.participants[0].name)
            .text(colour: false, columns: 10_000, all: true)
    }

    @Test("who receives what, and how much it can tell")
    func receives() throws {
        let text = try explained()
        #expect(text.contains("You receive coefficients, by-region and patients-b, which can tell at most "))
        #expect(text.contains("hospital-b receives coefficients and regression-log, which can tell at most "))
        #expect(text.contains("statistician receives coefficients, regression-log and patients-b, which can tell "))
        #expect(text.contains(" bits together in all 4 runs, and can learn from them what the code lets out of "))
        #expect(text.contains("All who receive something can learn at most "))
        #expect(text.contains("Everyone learns of each run whether its results were released, which is at most 4 bits"))
    }

    @Test("whether another's rows can reach anyone, through what, and how much of them")
    func reach() throws {
        let text = try explained()
        #expect(text.contains("What the code lets out of patients-b can reach you and statistician, at most "))
        #expect(text.contains("patients-b → moments-b → regression → coefficients → "))
        #expect(text.contains(" bits to all of them together:"))
        let closed = ManifestExample.ownValue.setting("outputs.0.recipients", to: ["hospital-b"])
            .setting("outputs.1.recipients", to: ["hospital-b"])
        #expect(
            try explained(closed).contains(
                "What the code lets out of patients-b can reach nobody but its provider, hospital-b."))
    }

    @Test("which code runs, and where its source is claimed to be")
    func code() throws {
        let text = try explained()
        #expect(text.contains("moments-a is statistician's code with the digest sha256:"))
        #expect(text.contains("Each component is pinned by its digest: exactly that file runs."))
        #expect(text.contains("that the source of moments-a is this"))
        #expect(text.contains("| source: https://example.org/moments"))
    }

    @Test("what is weak")
    func weak() throws {
        let text = try explained(FullManifest.value.setting("outputs.1.format", to: "any"))
        #expect(text.contains("!! regression-log goes to statistician: whatever bytes the code writes"))
        #expect(text.contains("!! Waived, products: Milan is accepted"))
        #expect(text.contains("The rules of by-region check form, not truth"))
        #expect(text.contains("can compute it together, and nobody without all of them."))
    }

    @Test("what changed")
    func changed() throws {
        let wider = FullManifest.value.setting("outputs.2.recipients.1", to: "statistician")
            .setting("outputs.2.minimumGroup", to: nil)
        let text = ManifestDifference(
            from: try ManifestExample.manifest(FullManifest.value), to: try ManifestExample.manifest(wider)
        ).text(colour: false, columns: 10_000)
        #expect(text.contains("statistician receives by-region now."))
        #expect(text.contains("by-region has no smallest group any more by this column:"))
    }
}
