import Commitments
import Foundation
import Keys
import Primitives
import TestSupport
import Testing

@Suite("The manifest's shape")
struct ManifestShapeTests {
    private func error(_ value: JSONValue) -> ManifestError? {
        #expect(throws: ManifestError.self) { try Manifest(decoding: value.canonicalBytes) }
    }

    @Test("decodes the documented example")
    func example() throws {
        let manifest = try Manifest(decoding: ManifestExample.bytes)
        #expect(manifest.name.description == "cohort-regression")
        #expect(manifest.participants.map(\.name.description) == ["hospital-a", "hospital-b", "statistician"])
        #expect(manifest.components[0].imports.map(\.description) == ["twocvm:guest/files"])
        #expect(manifest.components[0].clock == .virtual)
        #expect(manifest.data[1].commitment == .any)
        #expect(manifest.run.export.description == "wasi:cli/run")
        guard case .sevSNP(let platform) = manifest.platform else {
            Issue.record("the example's platform is SEV-SNP")
            return
        }
        #expect(platform.minimumTCB.keys.sorted { $0.rawValue < $1.rawValue } == [.genoa, .turin])
        #expect(platform.minimumTCB[.turin]?.fmc == 1)
    }

    @Test("gives one digest for every layout, and another for another order")
    func digest() throws {
        let manifest = try ManifestExample.manifest()
        #expect(try Manifest(decoding: ManifestExample.ownValue.indentedBytes).digest == manifest.digest)
        #expect(manifest.digest == SHA256Digest(sha256: manifest.canonicalBytes))
        let swapped = ManifestExample.ownValue
            .setting("outputs.0.recipients", to: ["hospital-b", "hospital-a", "statistician"])
        #expect(try ManifestExample.manifest(swapped).digest != manifest.digest)
    }

    @Test("refuses an unknown key in every object")
    func unknownKeys() throws {
        for path in ManifestExample.value.paths {
            guard case .object = path.isEmpty ? ManifestExample.value : ManifestExample.value.at(path) else { continue }
            // The names of a schema's properties are its author's.
            guard !path.hasSuffix(".properties") else { continue }
            let place = path.isEmpty ? "zz" : "\(path).zz"
            let error = error(ManifestExample.value.setting(place, to: 1))
            #expect(error?.code == "manifest.shape.unknown", "\(place)")
            #expect(error?.message.hasPrefix(printed(place)) == true, "\(place): \(error?.message ?? "")")
        }
    }

    @Test("refuses a duplicate key in every object")
    func duplicateKeys() throws {
        let text = String(decoding: ManifestExample.value.canonicalBytes, as: UTF8.self)
        let openings = text.indices.filter { text[$0] == "{" }
        #expect(openings.count > 20)
        for opening in openings {
            // Each object's first member once more, before itself.
            let start = text.index(after: opening)
            let name = text[start...].prefix(through: text[text.index(after: start)...].firstIndex(of: "\"") ?? start)
            let twice = text[..<start] + name + ":0," + text[start...]
            let error = #expect(throws: ManifestError.self) { try Manifest(decoding: Array(twice.utf8)) }
            #expect(error?.code == "manifest.json.name.duplicate", "\(name)")
        }
    }

    @Test("refuses a missing key in every object")
    func missingKeys() throws {
        for path in ManifestExample.value.paths where !path.isEmpty && Int(path.split(separator: ".").last ?? "") == nil
        {
            // Formats have optional keys, and tests of their own.
            guard !path.contains(".format.") else { continue }
            let error = error(ManifestExample.value.setting(path, to: nil))
            #expect(error != nil, "\(path)")
            // Without its first key a channel is of no kind, and a product without floor is in no list.
            guard !path.hasPrefix("channels."), !path.hasPrefix("platform.minimumTCB.") else { continue }
            #expect(error?.code == "manifest.shape.missing", "\(path): \(error?.code ?? "")")
            #expect(error?.message == "\(printed(path)) is missing")
        }
    }

    @Test(
        "refuses what no value may be, everywhere",
        arguments: [
            .null, true, -1, .number(1.5), .number(1e300), .number(9_007_199_254_740_992), "", "\u{0}", "any\u{0}",
            "ANY", "\u{202E}x", ["nested": [[]]], [[[]]],
        ] as [JSONValue])
    func wrongValues(_ wrong: JSONValue) throws {
        for path in ManifestExample.value.paths where !path.isEmpty {
            // A purpose is free text, so "ANY" is one; it is a WIT label too.
            if wrong == "ANY", path == "purpose" || path.hasSuffix(".link") { continue }
            // What is wrong below depends on the kind of format.
            if path.contains(".format.") { continue }
            #expect(throws: ManifestError.self, "\(path) as \(wrong)") {
                try Manifest(decoding: ManifestExample.value.setting(path, to: wrong).canonicalBytes)
            }
        }
    }

    @Test("refuses hostile sizes before it reads on")
    func sizes() throws {
        let tooLarge = [UInt8](repeating: 0x20, count: Manifest.maximumByteCount + 1)
        let size = DocumentError(.tooLarge(found: 1_048_577, maximum: 1_048_576), in: tooLarge)
        #expect(throws: ManifestError.document(size)) {
            try Manifest(decoding: tooLarge)
        }
        let padding = [UInt8](repeating: 0x20, count: Manifest.maximumByteCount - ManifestExample.bytes.count)
        _ = try Manifest(decoding: ManifestExample.bytes + padding)

        let deep = Array((String(repeating: "[", count: 100_000)).utf8)
        let depth = DocumentError(.tooDeep(offset: 24, maximum: 24), in: deep)
        #expect(throws: ManifestError.document(depth)) { try Manifest(decoding: deep) }

        func many(_ key: String, _ count: Int) -> ManifestError? {
            guard let element = ManifestExample.value.at("\(key).0") else { return nil }
            return error(ManifestExample.value.setting(key, to: .array(Array(repeating: element, count: count))))
        }
        for (key, count, maximum) in [
            ("participants", 65, 64), ("components", 257, 256), ("data", 257, 256), ("outputs", 257, 256),
            ("channels", 1025, 1024), ("channels", 10_000, 1024), ("platform.measurements", 65, 64),
        ] {
            let expected = "\(printed(key)): expected at most \(maximum) elements, found \(count)"
            #expect(many(key, count)?.message == expected)
        }
    }

    @Test(
        "refuses names that are not plain",
        arguments: [
            "", "A", "1a", "-a", "a_b", "a b", "a.b", "é", "a\u{0}", "a\u{202E}b", "a\u{2028}", "ａ", "\u{212A}",
            String(repeating: "a", count: 41),
        ])
    func names(_ name: String) {
        for path in ["name", "participants.0.name", "components.0.provider", "channels.0.mount", "run.component"] {
            let error = error(ManifestExample.value.setting(path, to: .string(name)))
            #expect(error?.code == "manifest.shape.form")
            #expect(error?.message.hasPrefix(printed(path)) == true)
            #expect(error?.message.contains("\u{202E}") == false)
        }
    }

    @Test(
        "refuses a purpose that does not show itself as it is",
        arguments: [
            "a\u{0}b", "a\nb", "a\tb", "a\u{1B}[2Jb", "a\u{7F}b", "a\u{85}b", "a\u{202E}b", "a\u{2066}b", "a\u{2069}b",
            "a\u{200E}b", "a\u{200F}b", "a\u{61C}b", "a\u{2028}b", "a\u{2029}b", "a\u{200B}b", "a\u{FEFF}b", "a\u{AD}b",
            "a\u{E0041}b", "a\u{A0}b", "a\u{3000}b", "a\u{2003}b", "a\u{FE0F}b", "a\u{E0101}b", "a\u{200C}b",
            "a\u{200D}b", "a\u{34F}b", "a\u{3164}b", "a\u{115F}b", "a\u{17B4}b", "a\u{180B}b", "a\u{180E}b",
            "a\u{2800}b", "a\u{FFA0}b", "a\u{1D173}b", "a\u{1BCA0}b", "a\u{FFFE}b", "a\u{1FFFF}b",
            "a\u{E000}b", "a\u{F0000}b", "a\u{FFFC}b", String(repeating: "a", count: 2001), "",
        ])
    func purposes(_ purpose: String) {
        let error = error(ManifestExample.value.setting("purpose", to: .string(purpose)))
        #expect(error?.code == "manifest.shape.form")
    }

    @Test(
        "takes a purpose in any language",
        arguments: [
            "Régression, 回帰分析, انحدار, 📈", String(repeating: "ü", count: 2000), String(repeating: "📈", count: 2000),
            "a\u{301} n\u{336}",
        ])
    func languages(_ purpose: String) throws {
        let value = ManifestExample.value.setting("purpose", to: .string(purpose))
        #expect(try ManifestExample.manifest(value).purpose == ForeignText(purpose))
    }

    private static let source: JSONValue = [
        "uri": "https://example.org:8443/a/b?c=d#e", "revision": "v1.2+3/x_y", "build": "make moments.wasm",
    ]

    @Test("takes a claim of a component's source")
    func source() throws {
        let value = ManifestExample.value.setting("components.0.source", to: Self.source)
        let claim = try #require(try ManifestExample.manifest(value).components[0].source)
        #expect(claim.uri.description == "https://example.org:8443/a/b?c=d#e")
        #expect(claim.revision.description == "v1.2+3/x_y")
        #expect(claim.build.description == "make moments.wasm")
    }

    @Test(
        "refuses a claim of a source that is not plain",
        arguments: [
            ("uri", ""), ("uri", "https://"), ("uri", "https:///x"), ("uri", "http://example.org"),
            ("uri", "javascript:alert(1)"), ("uri", "https://example.org@evil.example/"), ("uri", "https://a b"),
            ("uri", "https://a/b c"), ("uri", "https://é.example"), ("uri", "https://a/\u{202E}"),
            ("uri", "https://a/" + String(repeating: "a", count: 503)), ("uri", "HTTPS://example.org"),
            ("uri", "https://a/<b>"), ("uri", "https://a/\"b"),
            ("revision", ""), ("revision", "a b"), ("revision", "é"), ("revision", String(repeating: "a", count: 129)),
            ("build", ""), ("build", "a\nb"), ("build", "é"), ("build", "\u{1B}[2J"),
            ("build", String(repeating: "a", count: 513)), ("uri", nil), ("revision", nil), ("build", nil),
            ("more", "x"),
        ] as [(String, String?)])
    func sources(_ key: String, _ text: String?) {
        let claim = Self.source.setting(key, to: text.map { .string($0) })
        let error = error(ManifestExample.value.setting("components.0.source", to: claim))
        #expect(error?.message.hasPrefix("$.components[0].source.\(key)") == true)
    }

    @Test(
        "refuses paths that are not plain",
        arguments: [
            "", "/", "data", "data/x", "/data/", "//data", "/data//x", "/data/..", "/../x", "/data/./x", "/.hidden",
            "/data/a b", "/data/é", "/data/a\u{0}", "/data\\x", "/1/2/3/4/5/6/7/8/9",
            "/" + String(repeating: "a", count: 65),
        ])
    func paths(_ path: String) {
        let error = error(ManifestExample.value.setting("channels.0.path", to: .string(path)))
        #expect(error?.code == "manifest.shape.form")
        #expect(error?.message.hasPrefix("$.channels[0].path") == true)
    }

    @Test(
        "refuses interfaces that are not plain",
        arguments: [
            "wasi", "wasi:cli", "wasi:cli/run@0.2.0", "wasi:cli/run/", "wasi:cli/", ":cli/run", "wasi:/run",
            "Wasi:cli/run", "wasi:cli/Run", "wasi:cli/-run", "wasi:cli/run-", "wasi:cli/1run", "wasi:cli/r_n",
            "wasi:cli/run\u{0}", "a:b:c/d", "wasi:cli/run ", "a:b/" + String(repeating: "c", count: 125),
        ])
    func interfaces(_ name: String) {
        for path in ["components.0.imports.0", "run.export", "channels.2.export"] {
            #expect(error(ManifestExample.value.setting(path, to: .string(name)))?.code == "manifest.shape.form")
        }
    }

    @Test("takes interfaces as WIT spells them", arguments: ["a:b/c", "wasi:cli/run", "a1:b-2/c-HTTP-3", "X:Y/Z"])
    func wit(_ name: String) {
        #expect(InterfaceName(name)?.description == name)
    }

    @Test(
        "refuses arguments that are too many, too long, empty or do not show themselves as they are",
        arguments: [
            [], [""], "-v", ["a\u{0}b"], ["a\nb"], ["a\u{1B}[2Jb"], ["a\u{202E}b"], ["a\u{200B}b"], [1], [["a"]],
            .array(Array(repeating: "a", count: 65)), [.string(String(repeating: "a", count: 4096))],
            .array(Array(repeating: .string(String(repeating: "a", count: 64)), count: 64)),
        ] as [JSONValue])
    func arguments(_ arguments: JSONValue) {
        let error = error(ManifestExample.value.setting("components.0.arguments", to: arguments))
        #expect(error?.message.hasPrefix("$.components[0].arguments") == true, "\(String(describing: error))")
    }

    @Test("takes arguments up to their bounds, one twice, and none where there is no key")
    func boundedArguments() throws {
        let texts = ["-v", "-v", "a b", "\"", "ü", String(repeating: "a", count: 4096 - 3 * 2 - 4 - 2 - 4)]
        let value = ManifestExample.ownValue.setting("components.0.arguments", to: .array(texts.map { .string($0) }))
        #expect(try ManifestExample.manifest(value).components.map(\.arguments) == [texts, [], []])
    }

    @Test(
        "refuses features that are none, unknown, or named twice",
        arguments: [[], ["gc"], ["exceptions", "exceptions"], "exceptions", [1], ["exceptions", "gc"]] as [JSONValue])
    func features(_ features: JSONValue) {
        let error = error(ManifestExample.value.setting("components.0.features", to: features))
        #expect(error?.message.hasPrefix("$.components[0].features") == true, "\(String(describing: error))")
    }

    @Test("takes exceptions where they are said, for that component alone")
    func exceptions() throws {
        let value = ManifestExample.ownValue.setting("components.0.features", to: ["exceptions"])
        #expect(try ManifestExample.manifest(value).components.map(\.mayThrow) == [true, false, false])
    }

    @Test("refuses sizes of temporary folders out of bounds", arguments: [0, -1, 65537, "1", .null] as [JSONValue])
    func temporary(_ size: JSONValue) {
        let error = error(ManifestExample.value.setting("components.0.temporaryMiB", to: size))
        #expect(error?.message.hasPrefix("$.components[0].temporaryMiB") == true)
    }

    @Test("refuses the same value twice in a list")
    func repetitions() throws {
        for path in [
            "outputs.0.recipients", "components.0.imports", "platform.measurements", "platform.signingKeys",
            "platform.products", "platform.chips",
        ] {
            guard case .array(let elements)? = ManifestExample.value.at(path), let first = elements.first else {
                Issue.record("\(path) is no list")
                continue
            }
            let error = error(ManifestExample.value.setting(path, to: .array(elements + [first])))
            #expect(error != nil, "\(path)")
        }
    }

    @Test("refuses other versions, and says so before anything else")
    func versions() {
        let error = error(["version": 2, "later": true])
        #expect(error == .document(DocumentError(.outOfRange(JSONPath.root.appending("version"), expected: 1...1))))
        #expect(error?.message == "$.version: expected 1")
    }
}
