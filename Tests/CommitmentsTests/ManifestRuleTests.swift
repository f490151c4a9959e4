import Commitments
import Primitives
import TestSupport
import Testing

/// One changed thing, the rule that it breaks, and where.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let changes: [(String, JSONValue?)]
    let code: String
    let place: String
    let testDescription: String

    init(_ description: String, _ code: String, at place: String, _ changes: (String, JSONValue?)...) {
        testDescription = description
        self.code = "manifest.\(code)"
        self.place = printed(place)
        self.changes = changes
    }

    var value: JSONValue {
        changes.reduce(ManifestExample.value) { $0.setting($1.0, to: $1.1) }
    }
}

@Suite("The manifest's rules")
struct ManifestRuleTests {
    @Test("refuses with the rule and the place", arguments: entries + channels + links + platforms)
    func refuses(_ example: RuleCase) {
        let error = #expect(throws: ManifestError.self) {
            try Manifest(decoding: example.value.canonicalBytes)
        }
        #expect(error?.code == example.code)
        #expect(error?.message.hasPrefix(example.place + ": ") == true, "\(error?.message ?? "")")
    }

    private static let entries = [
        RuleCase(
            "two participants of one name", "name.repeated", at: "participants.1.name",
            ("participants.1.name", "hospital-a")),
        RuleCase(
            "a component named like a participant", "name.repeated", at: "components.0.name",
            ("components.0.name", "hospital-a")),
        RuleCase("data named like a component", "name.repeated", at: "data.0.name", ("data.0.name", "moments-a")),
        RuleCase("an output named like data", "name.repeated", at: "outputs.0.name", ("outputs.0.name", "patients-a")),
        RuleCase(
            "a signing key used twice", "key.repeated", at: "participants.1.signingKey",
            ("participants.1.signingKey", ManifestExample.value.at("participants.0.signingKey"))),
        RuleCase(
            "a sealing key used twice", "key.repeated", at: "participants.2.sealingKey",
            ("participants.2.sealingKey", ManifestExample.value.at("participants.0.sealingKey"))),
        RuleCase(
            "a component's unknown provider", "participant.unknown", at: "components.1.provider",
            ("components.1.provider", "nobody")),
        RuleCase(
            "a data provider that is a component", "participant.unknown", at: "data.0.provider",
            ("data.0.provider", "moments-a")),
        RuleCase(
            "an unknown recipient", "participant.unknown", at: "outputs.0.recipients.1",
            ("outputs.0.recipients.1", "nobody")),
        RuleCase(
            "unused data", "data.unused", at: "data.1",
            ("channels.1.mount", "patients-a")),
        RuleCase("an output that never leaves", "output.unused", at: "outputs.1", ("channels.5", nil)),
        RuleCase(
            "an unknown component to run", "component.unknown", at: "run.component", ("run.component", "patients-a")),
        RuleCase("several runs without a question", "runs", at: "limits.runs", ("limits.runs", 2)),
        RuleCase(
            "a question that is pinned", "data.per", at: "data.0.commitment", ("data.0.per", "run"),
            ("data.0.commitment", .string("sha256:" + String(repeating: "7", count: 64)))),
        RuleCase(
            "an approval of what is brought once", "data.approval", at: "data.0.approval",
            ("data.0.approval", ["by": ["hospital-b"], "seconds": 1])),
        RuleCase(
            "an approval of what nobody can read", "data.approval", at: "data.0.approval",
            ("data.0.commitment", "any"), ("data.0.per", "run"),
            ("data.0.approval", ["by": ["hospital-b"], "seconds": 1])),
        RuleCase(
            "an approval of lines that nobody can read", "data.approval", at: "data.0.approval",
            ("data.0.commitment", "any"), ("data.0.per", "run"),
            ("data.0.format", ["kind": "text", "maximumCharacters": 300, "maximumLineCharacters": 201]),
            ("data.0.approval", ["by": ["hospital-b"], "seconds": 1])),
        RuleCase(
            "an approval of more than anybody reads", "data.approval", at: "data.0.approval",
            ("data.0.commitment", "any"), ("data.0.per", "run"),
            ("data.0.format", ["kind": "text", "maximumCharacters": 65_537, "maximumLineCharacters": 200]),
            ("data.0.approval", ["by": ["hospital-b"], "seconds": 1])),
        RuleCase(
            "an approval by a stranger", "participant.unknown", at: "outputs.0.approval.by.0",
            ("outputs.0.approval", ["by": ["nobody"], "seconds": 1])),
        RuleCase(
            "HTTP", "import.http", at: "components.0.imports.1",
            ("components.0.imports.1", "wasi:http/outgoing-handler")),
        RuleCase(
            "undecided randomness", "randomness", at: "components.2.randomness",
            ("components.2.imports.1", "wasi:random/random")),
        RuleCase(
            "unneeded randomness", "randomness", at: "components.2.randomness",
            ("components.2.randomness", "real")),
    ]

    private static let channels = [
        RuleCase("a mount of no data", "data.unknown", at: "channels.0.mount", ("channels.0.mount", "coefficients")),
        RuleCase(
            "a mount in no component", "component.unknown", at: "channels.0.component",
            ("channels.0.component", "hospital-a")),
        RuleCase(
            "a link from no component", "component.unknown", at: "channels.2.importer",
            ("channels.2.importer", "nobody")),
        RuleCase(
            "a link to no component", "component.unknown", at: "channels.2.exporter",
            ("channels.2.exporter", "nobody")),
        RuleCase(
            "a release of no output", "output.unknown", at: "channels.4.release", ("channels.4.release", "nothing")),
        RuleCase(
            "a release from no component", "component.unknown", at: "channels.4.component",
            ("channels.4.component", "nobody")),
        RuleCase("a log into no output", "output.unknown", at: "channels.5.log", ("channels.5.log", "nothing")),
        RuleCase(
            "a log of no component", "component.unknown", at: "channels.5.component",
            ("channels.5.component", "nobody")),
        RuleCase(
            "a mount among the outputs", "path.place", at: "channels.0.path",
            ("channels.0.path", "/output/patients.csv")),
        RuleCase(
            "a mount in place of the outputs", "path.place", at: "channels.0.path", ("channels.0.path", "/output")),
        RuleCase(
            "a mount among temporary files", "path.place", at: "channels.0.path",
            ("components.0.temporaryMiB", 1), ("channels.0.path", "/tmp/patients.csv")),
        RuleCase(
            "a mount where a table's format lies", "path.place", at: "channels.1.path",
            ("data.0.format", count), ("channels.1.component", "moments-a"),
            ("channels.1.path", "/data/patients.csv.format.json")),
        RuleCase(
            "a mount before the table whose format lies there", "path.place", at: "channels.0.path",
            ("data.1.format", count), ("channels.1.component", "moments-a"),
            ("channels.1.path", "/data/b.csv"), ("channels.0.path", "/data/b.csv.format.json")),
        RuleCase(
            "a folder where a table's format lies", "path.place", at: "channels.1.path",
            ("data.0.format", count), ("channels.1.component", "moments-a"),
            ("channels.1.path", "/data/patients.csv.format.json/b.csv")),
        RuleCase(
            "a release outside the outputs", "path.place", at: "channels.4.path",
            ("channels.4.path", "/data/coefficients.json")),
        RuleCase(
            "a release in place of the outputs", "path.place", at: "channels.4.path", ("channels.4.path", "/output")),
        RuleCase("one path twice", "path.overlap", at: "channels.1.path", ("channels.1.component", "moments-a")),
        RuleCase(
            "a path inside another", "path.overlap", at: "channels.1.path",
            ("channels.1.component", "moments-a"), ("channels.1.path", "/data/patients.csv/b")),
        RuleCase(
            "a path around another", "path.overlap", at: "channels.1.path",
            ("channels.1.component", "moments-a"), ("channels.1.path", "/data")),
        RuleCase(
            "an output released twice", "output.repeated", at: "channels.6.release",
            ("channels.6", ["release": "coefficients", "component": "moments-a", "path": "/output/x"])),
        RuleCase(
            "an output released and logged", "output.repeated", at: "channels.6.log",
            ("channels.6", ["log": "coefficients", "component": "moments-a", "stream": "stdout"])),
        RuleCase(
            "one stream logged twice", "log.repeated", at: "channels.6.stream",
            ("outputs.2", ["name": "more", "recipients": ["hospital-a"], "format": "any", "maximumBytes": 1]),
            ("channels.6", ["log": "more", "component": "regression", "stream": "stderr"])),
        RuleCase(
            "a log that is a table", "log.format", at: "outputs.1.format",
            ("outputs.1.format", count)),
        RuleCase(
            "noise that everybody knows", "noise.data", at: "outputs.0.noise",
            ("outputs.0.format", count), ("data", []), ("channels", Self.withoutMounts),
            (
                "outputs.0.noise",
                [["column": "count", "mechanism": "discrete-laplace", "scale": "1", "sensitivity": "1"]]
            )),
    ]

    private static let count: JSONValue = [
        "kind": "csv", "maximumRows": 1, "columns": [["name": "count", "type": "integer"]],
    ]

    private static var withoutMounts: JSONValue {
        guard case .array(let channels)? = ManifestExample.ownValue.at("channels") else { return .null }
        return .array(channels.filter { $0.at("mount") == nil })
    }

    private static func link(_ name: JSONValue, _ importer: JSONValue, _ exporter: JSONValue) -> JSONValue {
        ["link": name, "importer": importer, "exporter": exporter, "export": "cohort:statistics/moments"]
    }

    private static let links = [
        RuleCase("an import met by two links", "import.repeated", at: "channels.3.link", ("channels.3.link", "site-a")),
        RuleCase(
            "an import both listed and linked", "import.repeated", at: "channels.2.link",
            ("channels.2.link", "twocvm:guest/files")),
        RuleCase(
            "a component linked to itself", "link.cycle", at: "channels.6.exporter",
            ("channels.6", link("self", "moments-a", "moments-a"))),
        RuleCase(
            "two linked to each other", "link.cycle", at: "channels.6.exporter",
            ("channels.6", link("back", "moments-a", "regression"))),
        RuleCase(
            "three in a circle", "link.cycle", at: "channels.7.exporter",
            ("channels.6", link("on", "moments-a", "moments-b")),
            ("channels.7", link("back", "moments-b", "regression"))),
        RuleCase("a component that nothing calls", "component.unused", at: "components.1", ("channels.3", nil)),
        RuleCase(
            "a component that only calls", "component.unused", at: "components.3",
            ("components.3", ManifestExample.value.at("components.0")?.setting("name", to: "outer")),
            ("channels.6", link("in", "outer", "moments-a"))),
    ]

    private static let platforms = [
        RuleCase(
            "a provider without VLEK", "platform.chips", at: "platform.chips",
            ("platform.chips.1", "csp:CN=cc-us-east-2.amazonaws.com")),
        RuleCase("VLEK without a provider", "platform.chips", at: "platform.chips", ("platform.signingKeys.1", "vlek")),
        RuleCase(
            "chips without VCEK", "platform.chips", at: "platform.chips",
            ("platform.signingKeys", ["vlek"]), ("platform.chips.1", "csp:AWS")),
        RuleCase(
            "mitigations before version 5", "platform.mitigations", at: "platform.mitigations",
            ("platform.reportVersion", 4)),
        RuleCase(
            "a floor without its product", "shape.form", at: "platform.products", ("platform.products", ["Genoa"])),
        RuleCase("no product", "shape.form", at: "platform.products", ("platform.products", [])),
        RuleCase(
            "a floor above a byte", "shape.range", at: "platform.minimumTCB.Genoa.snp",
            ("platform.minimumTCB.Genoa.snp", 256)),
        RuleCase("no chip", "shape.form", at: "platform.chips", ("platform.chips", [])),
        RuleCase(
            "a chip of zeros", "shape.form", at: "platform.chips.0",
            ("platform.chips.0", .string(String(repeating: "0", count: 128)))),
        RuleCase("any among chips", "shape.form", at: "platform.chips.1", ("platform.chips.1", "any")),
        RuleCase("a provider of two words", "shape.form", at: "platform.chips.1", ("platform.chips.1", "csp:a b")),
        RuleCase("a provider without a name", "shape.form", at: "platform.chips.1", ("platform.chips.1", "csp:")),
        RuleCase("a VMPL of 4", "shape.range", at: "platform.vmpl", ("platform.vmpl", 4)),
        RuleCase("report version 1", "shape.range", at: "platform.reportVersion", ("platform.reportVersion", 1)),
        RuleCase("report version 6", "shape.range", at: "platform.reportVersion", ("platform.reportVersion", 6)),
        RuleCase("no ID key", "shape.form", at: "platform.idKeys", ("platform.idKeys", [])),
        RuleCase(
            "a short measurement", "shape.form", at: "platform.measurements.0",
            ("platform.measurements.0", "00ff")),
        RuleCase("a guest SVN of 2^32", "shape.range", at: "platform.guestSVN", ("platform.guestSVN", 4_294_967_296)),
    ]

    @Test("names the cycle")
    func cycle() {
        let value = ManifestExample.value.setting("channels.6", to: Self.link("back", "moments-a", "regression"))
        let error = #expect(throws: ManifestError.self) { try Manifest(decoding: value.canonicalBytes) }
        #expect(error?.message.hasSuffix(": moments-a → regression → moments-a") == true, "\(error?.message ?? "")")
    }

    @Test("refuses an FMC floor where there is no FMC, and demands one where there is")
    func fmc() {
        for (path, value, code) in [
            ("platform.minimumTCB.Genoa.fmc", JSONValue.integer(1) as JSONValue?, "manifest.shape.unknown"),
            ("platform.minimumTCB.Turin.fmc", nil, "manifest.shape.missing"),
        ] {
            let changed = ManifestExample.value.setting(path, to: value)
            let error = #expect(throws: ManifestError.self) { try Manifest(decoding: changed.canonicalBytes) }
            #expect(error?.code == code)
            #expect(error?.message.hasPrefix(printed(path)) == true)
        }
    }

    @Test("takes every choice that the format offers")
    func choices() throws {
        let changes: [[(String, JSONValue?)]] = [
            [("components.2.clock", "real")], [("components.2.clock", "virtual")],
            [("components.2.imports.1", "wasi:random/random"), ("components.2.randomness", "repeatable")],
            [("components.2.imports.1", "wasi:random/insecure"), ("components.2.randomness", "real")],
            [("channels.2.link", "cohort:statistics/moments")], [("channels.5.stream", "stdout")],
            [("platform", ManifestExample.simulated)], [("platform.chips", "any")], [("platform.binding", "lock")],
            [("platform.signingKeys.1", "vlek"), ("platform.chips.1", "csp:CN=cc-us-east-2.amazonaws.com")],
            [("platform.mitigations", "any"), ("platform.reportVersion", 2)],
            [("platform.firmware", "any")], [("platform.provisionalFirmware", "allowed")],
            [("platform.idKeys", [.string(String(repeating: "00", count: 48))])],
            [("platform.familyID", .string(String(repeating: "0f", count: 16)))],
            [("channels.6", ["mount": "patients-a", "component": "moments-b", "path": "/more/a"])],
        ]
        for changes in changes {
            let value = changes.reduce(ManifestExample.value) { $0.setting($1.0, to: $1.1) }
            #expect(throws: Never.self, "\(changes)") { try Manifest(decoding: value.canonicalBytes) }
        }
    }
}
