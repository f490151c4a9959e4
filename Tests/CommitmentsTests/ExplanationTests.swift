import Commitments
import Keys
import Primitives
import Testing

@Suite("The explanation")
struct ExplanationTests {
    private func explanation(
        _ changes: (String, JSONValue?)..., knowing names: [String] = ["hospital-a", "hospital-b", "statistician"]
    ) throws -> Explanation {
        let value = changes.reduce(ManifestExample.ownValue) { $0.setting($1.0, to: $1.1) }
        let manifest = try ManifestExample.manifest(value)
        var book = AddressBook()
        for participant in manifest.participants where names.contains(participant.name.description) {
            _ = try book.trust(participant.signingKey, as: participant.name)
        }
        return Explanation(of: .draft(manifest), addressBook: book)
    }

    @Test("says nothing loudly about the documented example")
    func quiet() throws {
        let explanation = try explanation()
        #expect(explanation.statements(of: .warning).isEmpty)
        #expect(explanation.statements(of: .danger).isEmpty)
        #expect(explanation.text(colour: false).contains("Everyone learns whether the run completed."))
    }

    @Test("says loudly what is dangerous")
    func dangers() throws {
        let genoa = try #require(ManifestExample.value.at("platform.minimumTCB.Genoa"))
        let dangers: [(String, [(String, JSONValue?)])] = [
            (
                "repeatable randomness",
                [("components.2.imports.1", "wasi:random/random"), ("components.2.randomness", "repeatable")]
            ),
            ("opened in a laboratory", [("platform.chips", "any")]),
            ("simulated", [("platform", ManifestExample.simulated)]),
            ("Milan", [("platform.products.2", "Milan"), ("platform.minimumTCB.Milan", genoa)]),
        ]
        for (word, changes) in dangers {
            let value = changes.reduce(ManifestExample.ownValue) { $0.setting($1.0, to: $1.1) }
            let document = ManifestDocument.draft(try ManifestExample.manifest(value))
            let statements = Explanation(of: document, addressBook: AddressBook()).statements(of: .danger)
            #expect(statements.count == 1 && statements[0].text.contains(word), "\(word)")
        }
    }

    @Test("warns of a real clock and of keys that nobody confirmed")
    func warnings() throws {
        let clock = try explanation(("components.0.clock", "real")).statements(of: .warning)
        #expect(clock.map(\.text) == ["moments-a sees the host's clock, which the host sets as it likes."])
        let unknown = try explanation(knowing: ["hospital-a"]).statements(of: .warning)
        #expect(unknown.count == 2)
        #expect(unknown[0].text.contains(ManifestExample.keys[1].signing.publicKey.fingerprint))
    }

    @Test("names arguments, quoted so that none can pass for two, and temporary folders")
    func argumentsAndTemporary() throws {
        let text = try explanation(
            ("components.0.arguments", ["--site", "a\" \"b"]), ("components.1.temporaryMiB", 512)
        ).statements(of: .notice).map(\.text)
        #expect(text.contains(#"moments-a is called with the arguments "--site" "a\" \"b"."#))
        #expect(text.contains("moments-b has a private folder /tmp of 512 MiB in memory; nothing of it is released."))
    }

    @Test("cries out at a key that contradicts the address book")
    func contradiction() throws {
        let manifest = try ManifestExample.manifest()
        var book = AddressBook()
        _ = try book.trust(ManifestExample.keys[0].signing.publicKey, as: manifest.participants[1].name)
        let dangers = Explanation(of: .draft(manifest), addressBook: book).statements(of: .danger)
        #expect(dangers.count == 1)
        #expect(dangers.first?.text.contains(ManifestExample.keys[0].signing.publicKey.fingerprint) == true)
    }

    @Test("prints every waiver that the platform makes")
    func waivers() throws {
        let base = try ManifestExample.manifest().platform.waivers.map(\.key)
        let anyPaths = ManifestExample.value.paths.filter {
            $0.hasPrefix("platform.") && ManifestExample.value.at($0) == "any"
        }
        #expect(anyPaths.count > 10)
        for path in anyPaths { #expect(base.contains(String(path.dropFirst("platform.".count))), "\(path)") }
        for (path, value) in [
            ("chips", "any"), ("firmware", "any"), ("provisionalFirmware", "allowed"), ("policy.cxl", "allowed"),
            ("platformInfo.ecc", "any"), ("platformInfo.aliasCheck", "any"),
        ] as [(String, JSONValue)] {
            #expect(!base.contains(path))
            let platform = try ManifestExample.manifest(ManifestExample.ownValue.setting("platform.\(path)", to: value))
                .platform
            #expect(platform.waivers.map(\.key).filter { !base.contains($0) } == [path])
        }
    }

    @Test("colours only when asked to, and never lets a line run over")
    func forms() throws {
        let explanation = try explanation(
            ("platform.chips", "any"), ("purpose", .string(String(repeating: "word ", count: 90))))
        #expect(!explanation.text(colour: false).contains("\u{1B}"))
        #expect(explanation.text(colour: true).contains("\u{1B}[31m"))
        for columns in [40, 72, 100] {
            for line in explanation.text(colour: false, columns: columns).split(separator: "\n")
            where line.contains(" ") {
                #expect(line.count <= max(columns, 90), "\(line)")
            }
        }
        #expect(explanation.text(colour: false).contains("\n!! "))
    }

    @Test("gives machines the same, and the flows")
    func json() throws {
        let manifest = try ManifestExample.manifest()
        let value = Explanation(of: .draft(manifest), addressBook: AddressBook()).json(of: manifest)
        #expect(value.at("digest") == .string(manifest.digest.prefixed))
        #expect(value.at("disclosures.0.learners") == ["hospital-a", "hospital-b", "statistician"])
        #expect(value.at("disclosures.0.routes.0.steps.1") == "moments-a")
        #expect(value.at("sections.0.statements.0.severity") == "notice")
    }
}
