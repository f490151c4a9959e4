import Foundation
import TestSupport
import Testing

/// The example of the documentation, run for real.
@Suite("The cohort example")
struct RepeatTests {
    private func cohort(cheating: Bool = false) throws -> Scene {
        let moments = try Guest.moments.binary()
        var scene = Scene([.init(name: "regression", binary: try Guest.regression.binary(), memoryMiB: 16)])
        for site in ["a", "b", "c"] {
            let binary = cheating && site == "a" ? try Guest.cheat.binary() : moments
            scene.parts.append(.init(name: "moments-\(site)", binary: binary, memoryMiB: 64))
            let file = Repository.root.appending(path: "examples/cohort-regression/data/hospital-\(site).csv")
            let rows = try String(contentsOf: file, encoding: .utf8)
            scene.mount("patients-\(site)", rows, in: "moments-\(site)", at: "/data/patients.csv")
            scene.link("site-\(site)", "regression", "moments-\(site)", "cohort:statistics/moments")
        }
        scene.release("coefficients", of: "regression", at: "/output/coefficients.json", maximumBytes: 65_536)
        scene.log("cheat-log", of: "moments-a", maximumBytes: 65_536)
        return scene
    }

    @Test("gives the same bytes twice")
    func repeatable() throws {
        let first = try cohort().run().outputs()
        #expect(first["coefficients"]?.isEmpty == false)
        #expect(try cohort().run().outputs() == first)
    }

    @Test("gives the cheat nothing: every attempt fails, and the honest result is the same")
    func cheat() throws {
        let honest = try cohort().run().outputs()["coefficients"]
        let ended = try cohort(cheating: true).run()
        #expect(try ended.outputs()["coefficients"] == honest, "\(ended.words)")
        let log = String(decoding: try ended.outputs()["cheat-log"] ?? [], as: UTF8.self)
        #expect(log.split(separator: "\n").count { $0.hasPrefix("failed: ") } > 20)
        #expect(!log.contains("SUCCEEDED"))
    }
}
