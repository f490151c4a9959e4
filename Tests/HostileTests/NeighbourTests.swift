import Execution
import TestSupport
import Testing

/// Two components of one run, the second of which knows everything about the first but is not it.
@Suite("A component's neighbours")
struct NeighbourTests {
    private func scene(first: [String], second: [String]) throws -> Scene {
        let prober = try Guest.prober.binary()
        var scene = Scene([
            .init(name: "caller", binary: try ComponentText(named: "Hostile/calls-two-probes").binary()),
            .init(name: "victim", binary: prober), .init(name: "thief", binary: prober),
        ])
        scene.link("left", "caller", "victim", "hostile:guests/probe")
        scene.link("right", "caller", "thief", "hostile:guests/probe")
        scene.addProber("victim", first)
        scene.addProber("thief", second)
        return scene
    }

    private static let elsewhere = [
        "/data/secret", "/secret", "victim:/data/secret", "/victim/data/secret", "/victim:/data/secret",
        "/data/../../victim/data/secret", "/in/victim/data/secret", "victim:/output/kept", "/output/kept",
        "/output/../../victim/output/kept", "/out/victim/output/kept", "victim:$log/stderr", "$log/stderr",
        "/log/victim/stderr", "/output/../../../log/victim/stderr",
    ]

    @Test("keep their files, outputs and logs to themselves")
    func files() throws {
        let attacks = Self.elsewhere.flatMap { path in
            [
                "read|\(path)", "write|\(path)|4", "at-open|/data|\(path)", "at-open|/output|\(path)",
                "at-stat|/data|\(path)", "at-unlink|/output|\(path)",
            ]
        }
        var scene = try scene(
            first: ["show|/data/secret", "write|/output/kept|4", "log|20", "print|20"],
            second: attacks.filter { $0 != "write|/output/kept|4" }
                + ["preopens", "at-list|/data|.", "at-list|/output|.", "environment"])
        scene.mount("secret", "the rows of the victim", in: "victim", at: "/data/secret")
        scene.release("kept", of: "victim", at: "/output/kept", maximumBytes: 4)
        scene.log("log", of: "victim", maximumBytes: 100)
        let ended = try scene.run()
        #expect(try ended.report("report-victim")["show|/data/secret"] == "the rows of the victim")

        let outcomes = try ended.report("report-thief")
        for (attack, outcome) in outcomes where attacks.contains(attack) {
            #expect(outcome == "no-entry" || outcome == "not-permitted", "\(attack) -> \(outcome)")
        }
        #expect(outcomes["preopens"] == "/data,/output")
        #expect(outcomes["at-list|/data|."] == "attack:regular-file")
        #expect(outcomes["at-list|/output|."] == "")
        #expect(outcomes["environment"] == "0 variables, 1 arguments, folder none")
        let outputs = try ended.outputs()
        #expect(outputs["kept"] == [97, 97, 97, 97])
        #expect(outputs["log"]?.count == 21)
        for (name, bytes) in outputs where name != "report-victim" {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("the rows"), "\(name)")
        }
    }

    @Test("draw other random bytes, and have a clock of their own")
    func timeAndChance() throws {
        let ended = try scene(first: ["clock", "random|32"], second: ["clock", "random|32"]).run()
        let (victim, thief) = (try ended.report("report-victim"), try ended.report("report-thief"))
        #expect(victim["clock"] != nil && victim["clock"] == thief["clock"])
        #expect(victim["random|32"] != nil && victim["random|32"] != thief["random|32"])
    }

    @Test("fail with it, so that nothing of either is released")
    func failTogether() throws {
        for attack in ["trap", "exit", "exit-code|0"] {
            let ended = try scene(first: ["nothing"], second: [attack]).run()
            #expect(ended.failure == .trapped, "\(attack): \(ended.words)")
            #expect(try ended.outputs().isEmpty)
        }
    }

    @Test("lend each other no memory: a file that is too large for a shim is refused by it")
    func shimMemory() throws {
        var scene = try scene(
            first: ["write|/output/large|1"],
            second: [
                // Possible since the neighbour may write so much. Reading it would need as much memory as that.
                "at-write-beyond|/output|big|12000000", "read|/output/big", "read|/data/attack",
                "at-unlink|/output|big",
            ])
        scene.release("large", of: "victim", at: "/output/large", maximumBytes: 16 << 20)
        let ended = try scene.run()
        let outcomes = try ended.report("report-thief")
        #expect(outcomes["at-write-beyond|/output|big|12000000"] == "done", "\(outcomes)")
        #expect(outcomes["read|/output/big"] == "insufficient-memory", "\(outcomes)")
        #expect(outcomes["at-unlink|/output|big"] == "done", "\(outcomes)")
    }

    @Test("are harmed by a content too large for a shim only as by any other trap")
    func shimMemoryWrite() throws {
        let ended = try Scene.probing(["write|/output/big|8000000"]).run()
        #expect(ended.failure == .trapped, "\(ended.words)")
    }
}
