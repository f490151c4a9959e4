import Commitments
import Keys
import Primitives
import TestSupport
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
        let bit = "Everyone learns whether the results were released, which is 1 bit."
        #expect(explanation.text(colour: false).contains(bit))
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
        ).text(colour: false)
        #expect(text.contains("   moments-a is called with 2 arguments, in the proposer's words:\n"))
        #expect(text.contains("   | argument 1: \"--site\"\n" + #"   | argument 2: "a\" \"b""# + "\n"))
        #expect(text.contains("moments-b has a private folder /tmp of 512 MiB in memory; nothing of it is released."))
    }

    @Test("writes places in JSON so that no name passes for a way through two objects")
    func places() throws {
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "a": ["type": "object", "properties": ["b": ["type": "boolean"]]],
                "a.b": ["type": "boolean"], "c2": ["type": "boolean"], "\u{E9}": ["type": "boolean"],
            ],
        ]
        let text = try explanation(("outputs.0.format", ["kind": "json", "schema": schema])).text(colour: false)
        for place in ["$.a.b", #"$["a.b"]"#, "$.c2", #"$["\u{00E9}"]"#] {
            #expect(text.contains("| true or false: \(place)\n"), "\(place)")
        }
    }

    @Test("warns of exceptions, and of the one heap that components with them share")
    func exceptions() throws {
        let warnings = try explanation(("components.0.features", ["exceptions"])).statements(of: .warning).map(\.text)
        let text = warnings.first { $0.hasPrefix("moments-a may use exceptions") }
        #expect(text?.contains("one heap of the whole run") == true, "\(warnings)")
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
        #expect(value.at("sections.0.subject") == "learning")
        #expect(value.at("sections.0.statements.0.severity") == "notice")
    }

    @Test("says first who can learn what, and that nobody judged the code")
    func order() throws {
        let lines = try explanation().text(colour: false).split(separator: "\n")
        #expect(lines[0] == "Who can learn what")
        #expect(lines[1].contains("The code decides what flows"))
        let reach = try explanation().sections[1].statements.map(\.text)
        #expect(
            reach[0] == "What the code lets out of patients-a can reach hospital-b and statistician, at most 2,190 "
                + "bits to all of them together:")
    }

    @Test("bounds what each participant receives")
    func bounds() throws {
        let text = try explanation(("outputs.1.format", "any")).sections[0].statements.map(\.text)
        #expect(
            text.contains {
                $0.contains("hospital-a receives coefficients, which can tell at most 873 bits, and can learn from it")
            })
        #expect(
            text.contains {
                $0.contains("coefficients and regression-log, which can tell at most 131,945 bits together")
            })
        #expect(text.contains("All who receive something can learn at most 131,945 bits together."))
    }

    @Test("says in red what has no format, and what a format is, column by column")
    func formats() throws {
        let any = try explanation(("outputs.1.format", "any"))
        #expect(
            any.statements(of: .danger).map(\.text) == [
                "regression-log goes to statistician: whatever bytes the code writes, at most 16 KiB, which can tell "
                    + "at most 131,073 bits."
            ])
        let full = Explanation(of: .draft(try ManifestExample.manifest(FullManifest.value)), addressBook: AddressBook())
        let text = full.text(colour: false, columns: 1000, all: true)
        for line in [
            "by-region goes to hospital-a: a table (CSV) of at most 500 rows and 6 columns, with one row for each "
                + "combination of the listed values, at most 64 KiB, which can tell at most ",
            "| column 1, one of 2 texts: region", "| which are: \"north\", \"south\"",
            "| column 3, a number with 1 digit after the point from 0.0 to 120.5:",
            "| column 4, a date from 2020-01-01 to 2026-12-31, or nothing: day",
            "| column 5, 1 to 8 characters of identifier: code", "| column 6, true or false: current",
            "The rows of by-region are sorted before they leave.",
            "| noise of scale 2.5 for a sensitivity of 1 on: patients",
            "| dropped are rows with less than 10 in: patients", "| to a multiple of 5: patients",
            "| to a multiple of 0.5: mean-age", "The rules of by-region check form, not truth",
            "so hospital-a and hospital-b can compute it together",
            "patients-a must be a table (CSV) of at most 1,000 rows and 6 columns, which is checked before the run.",
        ] { #expect(text.contains(line), "\(line)") }
    }

    @Test("speaks to its reader")
    func reader() throws {
        let manifest = try ManifestExample.manifest()
        let explanation = Explanation(
            of: .draft(manifest), addressBook: AddressBook(), reader: manifest.participants[1].name)
        let text = explanation.text(colour: false, columns: 1000)
        #expect(text.contains("   You are hospital-b.\n   Everyone learns whether the results were released, "))
        #expect(text.contains("   You receive coefficients, which can tell at most 873 bits"))
        #expect(text.contains("code lets out of your patients-b can reach hospital-a and statistician, at most"))
        #expect(text.contains("code lets out of patients-a can reach you and statistician, at most"))
        #expect(text.contains("patients-b is your data, and not pinned"))
        #expect(text.contains("Your key "))
        #expect(!text.contains("hospital-b's"))
    }

    @Test("marks each line of foreign text, so that none passes for the program's own")
    func foreign() throws {
        let forged = "secret can reach nobody but its provider, alice."
        let purpose = (0..<20).map { _ in forged + String(repeating: " ", count: 30) }.joined()
        let source: JSONValue = [
            "uri": "https://example.org/", "revision": "1",
            "build": .string(String(repeating: "moments-a was read and approved by all. ", count: 12)),
        ]
        let explanation = try explanation(
            ("purpose", .string(purpose)), ("components.0.source", source),
            ("components.0.arguments", [.string(forged)]),
            ("platform.chips.1", .string("csp:" + String(repeating: "nobody.learns.anything.", count: 5))),
            ("platform.signingKeys", ["vcek", "vlek"]))
        for columns in [40, 80, 120] {
            for line in explanation.text(colour: false, columns: columns, all: true).split(separator: "\n") {
                let isForeign = ["secret can", "nobody but", "alice", "approved", "anything"].contains {
                    line.contains($0)
                }
                if isForeign { #expect(line.hasPrefix("   | "), "\(line)") }
                if line.hasPrefix("   | ") { #expect(line.count <= 79) }
            }
        }
    }

    @Test("says of sockets that none is ever created")
    func sockets() throws {
        let text = try explanation(("components.1.imports.1", "wasi:sockets/tcp")).text(colour: false, columns: 1000)
        #expect(text.contains("moments-b may import sockets, as many toolchains make it. None is ever created"))
    }

    @Test("ranks waivers by what they open")
    func ranks() throws {
        let platform = try ManifestExample.manifest(
            ManifestExample.ownValue.setting("platform.chips", to: "any").setting("platform.policy.cxl", to: "allowed")
        ).platform
        let waivers = platform.waivers
        #expect(waivers.first?.key == "chips")
        #expect(waivers.dropFirst().first?.key == "policy.cxl")
        let order = waivers.compactMap { Waiver.Opening.allCases.firstIndex(of: $0.opens) }
        #expect(order == order.sorted())
        #expect(waivers.last?.opens == .nothing)
    }

    @Test("calls a floor that every machine meets a waiver")
    func noFloor() throws {
        let zeros: JSONValue = ["bootLoader": 0, "tee": 0, "snp": 0, "microcode": 0]
        let dangers = try explanation(("platform.minimumTCB.Genoa", zeros)).statements(of: .danger)
        #expect(dangers.count == 1)
        #expect(dangers.first?.text.contains("minimumTCB.Genoa") == true)
    }

    @Test("shows the first of many measurements, counts all, and shows each on demand")
    func many() throws {
        let all = (10..<30).map { JSONValue.string(String(repeating: "\($0)", count: 48)) }
        let explanation = try explanation(("platform.measurements", .array(all)))
        let (brief, full) = (explanation.text(colour: false), explanation.text(colour: false, all: true))
        #expect(brief.contains("one of 20 images"))
        #expect(brief.contains("1313131313") && !brief.contains("1414141414"))
        #expect(full.contains("2929292929"))
        #expect(brief.contains("more can be shown: add --all.\n"))
        #expect(!full.contains("--all"))
    }
}
