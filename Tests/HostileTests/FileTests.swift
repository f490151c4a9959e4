import TestSupport
import Testing

/// One component against everything that is not its own, through both doors to files.
///
/// All attacks of a table go through one run, which completes: each is refused by itself, and harms nothing.
@Suite("Attacks on files")
struct FileTests {
    /// Where a component would look for what it has no part in, and its own file by ways that lead around.
    private static let strangePaths = [
        "", "/", "//", "..", "data", "/data", "/data/", "/data/..", "/data/../attack", "/data/attack/..",
        "/data/attack/", "//data/attack", "/data//../attack", "data/attack", "./data/attack", "/in/main/data/attack",
        "/../in/main/data/attack", "../../in/main/data/attack", "/data/../../../in/main/data/attack", "/etc/passwd",
        "../../../../../../etc/passwd", "/data/../../../../../etc/passwd", "/proc/self/environ", "/proc/self/fd/3",
        "/dev/null", "main:/data/attack", "other:/data/secret", "$log", "$log/stderr", "/$log/stderr",
        "main:$log/stderr", "../$log/stderr", "../../log/main/stderr", "/log/main/stderr", "/output/../$log/stderr",
        "/output/../../log/main/stderr", "/job.json", "../../../job.json", "/data/../../../job.json", "/data/%00",
        "/data/attack%00", "attack%00", "%00", "attack/%00/..", "/data/%00/../attack", "%LONG", "/data/%LONG",
        "/%LONG/attack", "nothing", "/data/nothing", "%E2%80%AE", "\\..\\attack", "/data/\\..\\attack",
    ]
    /// What a refusal may be called. Success has other words.
    private static let refusals: Set = [
        "not-permitted", "no-entry", "name-too-long", "is-directory", "not-directory", "invalid", "read-only",
        "bad-descriptor", "illegal-byte-sequence",
    ]

    private func expectRefused(_ attacks: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let ended = try Scene.probing(attacks).run()
        let outcomes = try ended.report()
        for attack in attacks {
            let outcome = try #require(outcomes[attack])
            #expect(Self.refusals.contains(outcome), "\(attack) -> \(outcome)", sourceLocation: sourceLocation)
        }
    }

    @Test("no path of `twocvm:guest/files` leads out, to read or to write")
    func guestPaths() throws {
        try expectRefused(Self.strangePaths.flatMap { ["read|\($0)", "write|\($0)|4"] })
    }

    @Test("no path of `twocvm:guest/files` leads out to read a part, and none but own folders are listed")
    func guestParts() throws {
        let own: Set = ["/", "/data", "/data/", "/data/attack/.."]
        try expectRefused(Self.strangePaths.map { "read-part|\($0)|0|4294967295" })
        try expectRefused(Self.strangePaths.filter { !own.contains($0) }.map { "list|\($0)" })
        let outcomes = try Scene.probing(own.map { "list|\($0)" } + ["read-part|/data/attack|5|3"]).run().report()
        #expect(outcomes["list|/"] == "data/,output/,")
        for path in own where path != "/" { #expect(outcomes["list|\(path)"] == "attack,", "\(path)") }
        #expect(outcomes["read-part|/data/attack|5|3"] == "3 bytes")
    }

    @Test(
        "no path of `wasi:filesystem` leads out, whatever is done by it",
        arguments: [
            "at-open", "at-follow", "at-create", "at-truncate", "at-mutate", "at-stat", "at-hash", "at-list",
            "at-create-directory", "at-remove-directory", "at-unlink", "at-readlink", "at-set-times",
        ])
    func paths(_ verb: String) throws {
        try expectRefused(Self.strangePaths.map { "\(verb)|/data|\($0)" })
    }

    @Test("no path leads out of a folder that may be written")
    func outputPaths() throws {
        let verbs = ["at-open", "at-stat", "at-hash", "at-list", "at-unlink", "at-remove-directory", "at-truncate"]
        let out = Self.strangePaths.filter { $0.hasPrefix("/") || $0.contains("..") || $0.contains("%") }
        try expectRefused(
            out.filter { $0 != "%E2%80%AE" && !$0.hasPrefix("\\") }.flatMap { path in
                ["at-create", "at-create-directory"].map { "\($0)|/output|\(path)" }
                    + ["at-rename|/output|.|\(path)", "at-rename|/output|\(path)|taken"]
            })
        try expectRefused(Self.strangePaths.flatMap { path in verbs.map { "\($0)|/output|\(path)" } })
    }

    @Test("no link is made, of either kind, and none is read")
    func links() throws {
        try expectRefused(
            ["/data", "/output"].flatMap { folder in
                ["/etc/passwd", "attack", "../in/main/data/attack", ".", "/", "report"].flatMap { target in
                    [
                        "at-symlink|\(folder)|\(target)|link", "at-link|\(folder)|\(target)|link",
                        "at-readlink|\(folder)|\(target)",
                    ]
                }
            })
    }

    @Test("a mount cannot be changed, by name or through what was opened to read")
    func readOnly() throws {
        let attacks = [
            "write|/data/attack|4", "write|/data/new|4", "at-create|/data|new", "at-create|/data|attack",
            "at-truncate|/data|attack", "at-write|/data|attack", "at-write-stream|/data|attack",
            "at-append-stream|/data|attack", "at-set-size|/data|attack", "at-set-own-times|/data|attack",
            "at-set-times|/data|attack", "at-set-times|/data|.", "at-unlink|/data|attack",
            "at-rename|/data|attack|other", "at-move|/data|attack|taken|/output", "at-move|/output|report|attack|/data",
            "at-create-directory|/data|new", "at-remove-directory|/data|.", "at-mutate-own|/data|new",
            "at-mutate-again|/data|new", "at-write-beyond|/data|attack|0",
        ]
        try expectRefused(attacks)
        let after = try Scene.probing(attacks + ["show|/data/attack", "at-list|/data|."]).run().report()
        #expect(after["at-list|/data|."] == "attack:regular-file")
        #expect(after["show|/data/attack"]?.hasPrefix(attacks[0]) == true)
    }

    @Test("what was opened to read an own output cannot be written through either")
    func readOnlyDescriptors() throws {
        let attacks = ["at-write|/output|own", "at-write-stream|/output|own", "at-append-stream|/output|own"]
        let outcomes = try Scene.probing(
            ["write|/output/own|4"] + attacks + ["read|/output/own", "at-unlink|/output|own"]
        ).run().report()
        for attack in attacks { #expect(outcomes[attack].map(Self.refusals.contains) == true, "\(outcomes)") }
        #expect(outcomes["read|/output/own"] == "4 bytes")
    }

    @Test("a component cannot read back its own log")
    func ownLog() throws {
        var scene = try Scene.probing(
            ["log|100", "print|100"]
                + ["read|$log/stderr", "read|/$log/stderr", "at-open|/output|../$log/stderr", "preopens"])
        scene.log("log", of: "main", maximumBytes: 1000)
        let ended = try scene.run()
        let outcomes = try ended.report()
        #expect(outcomes["read|$log/stderr"] == "no-entry")
        #expect(outcomes["read|/$log/stderr"] == "no-entry")
        #expect(outcomes["at-open|/output|../$log/stderr"] == "not-permitted")
        #expect(outcomes["preopens"] == "/data,/output")
        #expect(try ended.outputs()["log"]?.count == 101)
    }
}
