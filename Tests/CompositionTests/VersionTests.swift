import Commitments
import Composition
import TestSupport
import Testing

/// Which version of an interface a link gives.
@Suite("Versions of links")
struct VersionTests {
    /// An importer of `wanted` linked to an exporter of each of `found`, each with a type that bears its version.
    private func draft(_ wanted: String, from found: [String]) throws -> ManifestDraft {
        let exports = found.map { version in
            let name = "v" + version.replacing(".", with: "x").replacing("@", with: "").replacing("+", with: "y")
            return """
                (type $\(name) (enum "\(name)"))
                (instance $i\(name) (export "t" (type $\(name)))) (export "a:b/c\(version)" (instance $i\(name)))
                """
        }
        let importer = """
            (component (import \(wanted) (instance (export "f" (func))))
              (instance $run) (export "wasi:cli/run@0.2.3" (instance $run)))
            """
        let isPlain = wanted.hasPrefix("\"site")
        var draft = ManifestDraft([
            .init(name: "main", binary: try WasmTools.parse(importer)),
            .init(name: "site", binary: try WasmTools.parse("(component \(exports.joined()))")),
        ])
        draft.channels = [ManifestFixture.link(isPlain ? "site" : "a:b/c", from: "site", "a:b/c", to: "main")]
        return draft
    }

    @Test(
        "is the one that was asked for, else the newest compatible one",
        arguments: [
            ("\"a:b/c@1.0.0\"", ["@1.0.0"], "@1.0.0"), ("\"a:b/c@1.0.0\"", ["@1.4.2"], "@1.4.2"),
            ("\"a:b/c@1.4.2\"", ["@1.0.0"], "@1.0.0"), ("\"a:b/c@1.0.0\"", ["@2.0.0", "@1.2.0"], "@1.2.0"),
            ("\"a:b/c@1.0.0\"", ["@1.9.0", "@1.10.0", "@1.2.0"], "@1.10.0"),
            ("\"a:b/c@1.2.0\"", ["@1.9.0", "@1.2.0"], "@1.2.0"), ("\"a:b/c@0.2.0\"", ["@0.3.0", "@0.2.9"], "@0.2.9"),
            ("\"a:b/c@1.0.0-rc.1\"", ["@1.0.0", "@1.0.0-rc.1"], "@1.0.0-rc.1"),
            ("\"a:b/c\"", ["@1.0.0"], "@1.0.0"), ("\"a:b/c@1.0.0\"", [""], ""), ("\"a:b/c\"", [""], ""),
            ("\"site\"", ["@2.0.0"], "@2.0.0"),
            ("\"site\" (implements \"a:b/c@1.0.0\")", ["@2.0.0", "@1.0.1"], "@1.0.1"),
        ])
    func chosen(_ wanted: String, _ found: [String], _ version: String) throws {
        let draft = try draft(wanted, from: found)
        let composed = try draft.composed()
        let alias = Array("a:b/c\(version)".utf8)
        let links = composed.attribution.filter { $0.subject == .link(channel: 0) }
        #expect(links.count == 1)
        #expect(links.allSatisfy { composed.bytes[$0.range].suffix(alias.count).elementsEqual(alias) })
    }

    @Test(
        "is refused where none is compatible, and both ends are named",
        arguments: [
            ("\"a:b/c@1.0.0\"", ["@2.0.0"]), ("\"a:b/c@1.0.0\"", ["@2.0.0", "@3.0.0"]),
            ("\"a:b/c@0.2.0\"", ["@0.3.0"]), ("\"a:b/c@0.0.1\"", ["@0.0.2"]), ("\"a:b/c@1.0.0\"", ["@1.0.0-rc.1"]),
            ("\"a:b/c@1.0.0-rc.1\"", ["@1.0.0-rc.2"]), ("\"site\" (implements \"a:b/c@1.0.0\")", ["@2.0.0"]),
        ])
    func incompatible(_ wanted: String, _ found: [String]) throws {
        let error = #expect(throws: CompositionError.self) { try draft(wanted, from: found).composed() }
        #expect(error?.code == "composition.version")
        let version = try #require(wanted.split(separator: "@").last).prefix { $0 != "\"" }
        #expect(error?.message.contains("main imports a:b/c@\(version)") == true)
        #expect(error?.message.contains("site exports a:b/c\(found[0])") == true)
    }

    @Test("is refused where several are there and the importer states none", arguments: ["\"a:b/c\"", "\"site\""])
    func unstated(_ wanted: String) throws {
        let error = #expect(throws: CompositionError.self) { try draft(wanted, from: ["@1.0.0", "@2.0.0"]).composed() }
        #expect(error?.code == "composition.version")
    }
}
