import Foundation
import TestSupport
import Testing

/// Reads the targets that Package.swift names, with the targets that each depends on.
private struct TargetGraph {
    var dependencies: [String: Set<String>] = [:]
    var executables: Set<String> = []

    init(_ manifest: String) {
        let target = /\b(library|executable)\(\s*"([^"]+)",\s*\[([^\]]*)\]/
        for match in manifest.matches(of: target) {
            let names = match.3.matches(of: /"([^"]+)"/).map { String($0.1) }
            dependencies[String(match.2)] = Set(names)
            if match.1 == "executable" { executables.insert(String(match.2)) }
        }
    }

    func reachable(from target: String) -> Set<String> {
        var found: Set<String> = []
        var open = [target]
        while let next = open.popLast() {
            for name in dependencies[next] ?? [] where found.insert(name).inserted { open.append(name) }
        }
        return found
    }
}

@Suite("Production executables")
struct ProductionExecutablesTests {
    private func graph() throws -> TargetGraph {
        TargetGraph(try String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8))
    }

    @Test("never link the simulated platform")
    func neverLinkSimulation() throws {
        let graph = try graph()
        #expect(graph.dependencies["Simulation"] != nil)
        #expect(graph.executables.isSuperset(of: ["twocvm", "twocvm-worker"]))
        #expect(graph.executables.isSuperset(of: ["twocvm-agent"]))
        for executable in graph.executables.subtracting(["twocvm-agent-simulated", "twocvm-trial"]) {
            #expect(!graph.reachable(from: executable).contains("Simulation"), "\(executable)")
        }
    }

    @Test("are all declared in the form that is read here")
    func readsEveryTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Repository.root.appending(path: "Sources").path)
        // C targets depend on nothing.
        let written = Set(folders.filter { !$0.hasPrefix(".") }).subtracting(["CPlatform", "CWasmtime", "CTrial"])
        #expect(written == Set(try graph().dependencies.keys))
    }
}
