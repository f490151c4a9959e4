import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct ScenarioTests {
    private static let program = Repository.root.appending(path: ".build/release/2cvm")

    @Test("does what the scenario says", arguments: try Scenario.all())
    func scenario(_ scenario: Scenario) throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.program.path),
            "\(Self.program.path) is missing: run `swift build -c release --product 2cvm` first")
        var stage = try Stage(program: Self.program)
        defer { try? FileManager.default.removeItem(at: stage.folder) }
        for line in scenario.lines {
            do {
                try stage.perform(line.text)
            } catch {
                Issue.record(error, "\(scenario.name):\(line.number): \(line.text)")
                return
            }
        }
        try stage.finish()
    }

    @Test("there are scenarios")
    func notEmpty() throws {
        #expect(try Scenario.all().count >= 5)
    }
}
