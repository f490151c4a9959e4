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

    @Test("ends with each status that the documentation lists, and with no other")
    func exitStatuses() throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/CLIENT.md"), encoding: .utf8)
        let listed = Set(page.matches(of: /\n\| (\d+) \|/).map { String($0.1) })
        let scenarios = try Scenario.all()
        let held = Set(
            scenarios.flatMap { scenario in
                scenario.lines.filter { $0.text.hasPrefix("exit ") }.map { String($0.text.dropFirst("exit ".count)) }
            })
        // An interrupt needs a run that does not end: HostileTests has one.
        #expect(listed == held.union(["130"]))
        let golden = try #require(scenarios.first { $0.name == "exit-status.txt" })
        for status in listed where status != "130" {
            #expect(golden.lines.contains { $0.text == "exit \(status)" }, "\(status)")
        }
    }

    @Test("there are scenarios")
    func notEmpty() throws {
        #expect(try Scenario.all().count >= 5)
    }
}
