import TestSupport
import Testing

/// One component against everything that is not its own, through both doors to files.
///
/// All attacks of a table go through one run, which completes: each is refused by itself, and harms nothing.
@Suite("Attacks on files")
struct FileTests {
    /// Runs the attacks of a table and compares what came of each.
    private func expect(
        _ table: [(attack: String, outcome: String)], _ change: (inout Scene) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var scene = try Scene.probing(table.map(\.attack))
        change(&scene)
        let outcomes = try scene.run().report()
        for (attack, outcome) in table {
            #expect(outcomes[attack] == outcome, "\(attack)", sourceLocation: sourceLocation)
        }
    }

    /// Where a component would look for what it has no part in.
    private static let strangePaths = [
        "", "/", "//", ".", "..", "data", "attack", "/data", "/data/", "/data/.", "/data/..", "/data/../attack",
        "/data/attack/..", "/data/attack/", "//data/attack", "/data//../attack", "data/attack", "./data/attack",
        "/in/main/data/attack", "/../in/main/data/attack", "/data/../../../in/main/data/attack", "/etc/passwd",
        "/data/../../../../../etc/passwd", "/proc/self/environ", "/dev/null", "main:/data/attack", "other:/data/secret",
        "$log/stderr", "/$log/stderr", "main:$log/stderr", "/log/main/stderr", "/output/../$log/stderr",
        "/output/../../log/main/stderr", "/job.json", "/data/../../../job.json", "/data/%00", "/data/attack%00",
        "/data/%00/../attack", "%00", "/data/%LONG", "%LONG", "/%LONG/attack", "/data/nothing", "\u{202E}", "/data/\\..\\attack",
    ]

    @Test("no path of `twocvm:guest/files` leads out")
    func guestPaths() throws {
        let attacks = Self.strangePaths.flatMap { ["read|\($0)", "write|\($0)|4"] }
        let outcomes = try Scene.probing(attacks).run().report()
        for attack in attacks { print("TABLE \(attack) -> \(outcomes[attack] ?? "?")") }
    }

    @Test("no path of `wasi:filesystem` leads out")
    func paths() throws {
        let verbs = ["open", "follow", "create", "truncate", "mutate", "stat", "hash", "list", "create-directory", "unlink", "remove-directory", "readlink", "set-times"]
        let attacks = Self.strangePaths.flatMap { path in
            verbs.map { "at-\($0)|/data|\(path)" } + ["at-rename|/data|attack|\(path)", "at-rename|/data|\(path)|x", "at-symlink|/output|\(path)|link", "at-link|/output|\(path)|link"]
        }
        let outcomes = try Scene.probing(attacks).run().report()
        for attack in attacks { print("TABLE \(attack) -> \(outcomes[attack] ?? "?")") }
    }
}
