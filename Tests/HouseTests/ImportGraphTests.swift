import Foundation
import TestSupport
import Testing

/// Which target may import which: docs/ARCHITECTURE.md's picture as a table.
///
/// Every arrow points down. A new arrow is a decision, so it is made here as well as in the code.
private let mayImport: [String: Set<String>] = [
    "Primitives": [],
    "Keys": ["Primitives"],
    "Formats": ["Primitives"],
    "Commitments": ["Primitives", "Keys"],
    "Sealing": ["Primitives", "Keys"],
    "Lifecycle": ["Primitives", "Keys", "Commitments"],
    "WorkerJob": ["Primitives"],
    "Composition": ["Primitives", "Commitments", "WorkerJob"],
    "Evidence": ["Primitives", "Keys", "Commitments"],
    "AgentAPI": ["Primitives", "Lifecycle", "Evidence"],
    "CPlatform": [],
    "Platform": ["Primitives", "WorkerJob", "CPlatform"],
    "CWasmtime": [],
    "Wasmtime": ["Primitives", "CWasmtime"],
    "Execution": ["Primitives", "Commitments", "Composition", "WorkerJob", "Platform"],
    "Worker": ["Primitives", "WorkerJob", "Wasmtime", "Platform"],
    "Simulation": ["Primitives", "Keys", "Commitments", "Evidence"],
    "Client": ["Primitives", "Keys", "Commitments", "Sealing", "Evidence", "Lifecycle", "AgentAPI"],
    "AgentService": [
        "Primitives", "Keys", "Commitments", "Composition", "Sealing", "Evidence", "Lifecycle", "AgentAPI", "Execution",
        "Platform",
    ],
    "Image": ["Primitives", "Commitments", "Evidence", "Platform"],
    "twocvm": [
        "Primitives", "Keys", "Formats", "Commitments", "Composition", "Evidence", "Lifecycle", "AgentAPI", "Execution",
        "Platform", "Client", "Image",
    ],
    "twocvm-worker": ["Worker"],
    "twocvm-agent": ["Primitives", "Evidence", "Platform", "AgentService"],
    "twocvm-agent-simulated": [
        "Primitives", "Commitments", "Evidence", "Platform", "AgentAPI", "AgentService", "Simulation",
    ],
    "CTrial": ["CPlatform"],
    "twocvm-trial": ["Primitives", "Commitments", "Evidence", "Platform", "Simulation", "CTrial"],
]

/// What the pure targets may use from outside the house.
private let pure: Set<String> = [
    "Primitives", "Keys", "Sealing", "Formats", "Commitments", "Lifecycle", "Composition", "Evidence", "AgentAPI",
    "WorkerJob",
]
private let pureOutside: Set<String> = ["Crypto", "CryptoExtras", "SwiftASN1", "FoundationEssentials"]

@Suite("The import graph")
struct ImportGraphTests {
    @Test("has an entry for each target, and a target for each entry")
    func complete() throws {
        #expect(Set(try SourceTree.targets()) == Set(mayImport.keys))
    }

    @Test("has only arrows that the table allows", arguments: mayImport.keys.sorted())
    func arrows(_ target: String) throws {
        for file in try SourceTree.swiftFiles(in: target) {
            for name in file.imports where mayImport[name] != nil {
                #expect(mayImport[target]?.contains(name) == true, "\(file.path) imports \(name)")
            }
        }
    }

    @Test("keeps files, clocks and the network out of the pure targets", arguments: pure.sorted())
    func purity(_ target: String) throws {
        for file in try SourceTree.swiftFiles(in: target) {
            let outside = file.imports.filter { mayImport[$0] == nil }
            #expect(Set(outside).subtracting(pureOutside).isEmpty, "\(file.path) imports \(outside)")
        }
    }

    @Test("links the engine into the worker alone")
    func engineStaysInTheWorker() {
        let users = mayImport.filter { $0.value.contains("Wasmtime") }.keys
        #expect(Array(users) == ["Worker"])
        #expect(mayImport.filter { $0.value.contains("Worker") }.keys.sorted() == ["twocvm-worker"])
    }

    @Test("links the job, the engine and Linux into the worker, and no manifest, composer or shim")
    func workerIsSmall() {
        #expect(
            reachable(from: "twocvm-worker") == [
                "Worker", "WorkerJob", "Wasmtime", "CWasmtime", "Platform", "CPlatform", "Primitives",
            ])
    }

    @Test("configures the engine otherwise in measurements alone")
    func settingsStayMeasured() throws {
        for target in mayImport.keys where target != "Wasmtime" {
            for file in try SourceTree.swiftFiles(in: target) {
                for (index, line) in file.code.enumerated() {
                    #expect(!line.contains("EngineSettings"), "\(file.path):\(index + 1)")
                    #expect(!line.contains(/Engine\(settings:/), "\(file.path):\(index + 1)")
                }
            }
        }
    }

    @Test("links the simulated platform into no production executable")
    func simulationStaysOut() {
        #expect(reachable(from: "twocvm").isDisjoint(with: ["Simulation"]))
        #expect(reachable(from: "twocvm-worker").isDisjoint(with: ["Simulation"]))
        #expect(reachable(from: "twocvm-agent").isDisjoint(with: ["Simulation"]))
        #expect(reachable(from: "twocvm-agent-simulated").contains("Simulation"))
        #expect(reachable(from: "twocvm-trial").isSuperset(of: ["Simulation", "CTrial"]))
        #expect(mayImport.filter { $0.value.contains("CTrial") }.keys.sorted() == ["twocvm-trial"])
    }

    private func reachable(from target: String) -> Set<String> {
        var found: Set<String> = []
        var open = [target]
        while let next = open.popLast() {
            for name in mayImport[next] ?? [] where found.insert(name).inserted { open.append(name) }
        }
        return found
    }
}
