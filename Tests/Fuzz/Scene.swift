import Commitments
import Keys
import Primitives
import TestSupport

/// One agreement for all targets: two participants, code, data, a question and outputs with rules.
enum Scene {
    static let parties = [Party("owner", 1), Party("analyst", 2)]
    static let session = Party("session", 3)

    static let manifest: Manifest = {
        let (owner, analyst) = (parties[0], parties[1])
        var fixture = ManifestFixture(parties)
        let digest = SHA256Digest(sha256: [1])
        fixture.components = [
            ManifestFixture.component(
                "model", of: analyst, digest, maximumBytes: 4096,
                imports: ["wasi:cli/stdout", "wasi:filesystem/types"]),
            ManifestFixture.component(
                "tool", of: owner, digest, maximumBytes: 4096,
                more: [
                    JSONMember(
                        "source", ["uri": "https://code.example/tool", "revision": "v1.2", "build": "make tool.wasm"])
                ]),
        ]
        fixture.data = [
            ManifestFixture.data("table", of: owner, digest, maximumBytes: 4096, more: [JSONMember("format", columns)]),
            ManifestFixture.data(
                "question", of: analyst, maximumBytes: 256,
                more: [
                    JSONMember("per", "run"),
                    JSONMember("format", ["kind": "text", "maximumCharacters": 200, "maximumLineCharacters": 80]),
                    JSONMember("approval", ["by": ["owner"], "seconds": 60]),
                ]),
        ]
        fixture.outputs = [
            ManifestFixture.output(
                "counts", to: [analyst], format: columns, maximumBytes: 512,
                more: [
                    JSONMember("minimumGroup", ["column": "n", "atLeast": 10]),
                    JSONMember("approval", ["by": ["owner"], "seconds": 60]),
                ]),
            ManifestFixture.output(
                "words", to: [owner], format: ["kind": "text", "maximumCharacters": 80], maximumBytes: 80),
        ]
        fixture.channels = [
            ManifestFixture.mount("table", in: "model", at: "/data/table.csv"),
            ManifestFixture.mount("question", in: "model", at: "/data/question.txt"),
            ManifestFixture.release("counts", of: "model", at: "/output/counts.csv"),
            ManifestFixture.log("words", of: "model"),
            ManifestFixture.link("owner:tool/api", from: "tool", "owner:tool/api", to: "model"),
        ]
        fixture.limits = ManifestFixture.Limits(runs: 3, failures: 2, keepRuns: 1)
        return made("the scene is a manifest") { try fixture.manifest() }
    }()

    private static let columns: JSONValue = [
        "kind": "csv", "maximumRows": 20, "order": "sorted",
        "columns": [
            ["name": "region", "type": "text", "values": ["north", "south"]],
            ["name": "n", "type": "integer", "minimum": 0, "maximum": 1000],
        ],
    ]

    static let signed: SignedManifest = made("the parties sign") {
        var signed = try SignedManifest(signing: manifest, by: parties[0].signing)
        try signed.sign(by: parties[1].signing)
        return signed
    }

    static let sessionID = session.publicKeys.sessionID(boundTo: manifest.bound)
}
