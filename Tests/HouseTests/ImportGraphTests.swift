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
    "Commitments": ["Primitives", "Keys", "Formats"],
    "Plans": ["Primitives", "Keys", "Formats", "Commitments"],
    "Sealing": ["Primitives", "Keys"],
    "Lifecycle": ["Primitives", "Keys", "Commitments"],
    "Scheduling": ["Primitives", "Keys", "Commitments", "Plans", "Sealing", "Lifecycle"],
    "WorkerJob": ["Primitives"],
    "Composition": ["Primitives", "Commitments", "WorkerJob"],
    "Evidence": ["Primitives", "Keys", "Commitments"],
    "Verification": ["Primitives", "Keys", "Commitments", "Plans", "Sealing", "Lifecycle", "Evidence"],
    "AgentAPI": ["Primitives", "Keys", "Lifecycle", "Evidence"],
    "Pages": ["Primitives", "Keys", "Formats", "Commitments", "Plans", "Lifecycle", "Evidence", "Verification"],
    "CPlatform": [],
    "Platform": ["Primitives", "WorkerJob", "CPlatform"],
    "CSEVGuest": [],
    "SEVGuest": ["Primitives", "Platform", "CSEVGuest"],
    "CBoot": [],
    "Boot": ["Primitives", "Platform", "CPlatform", "CBoot"],
    "CWasmtime": [],
    "Wasmtime": ["Primitives", "CWasmtime"],
    "Execution": ["Primitives", "Formats", "Commitments", "Composition", "WorkerJob", "Platform"],
    "Worker": ["Primitives", "WorkerJob", "Wasmtime", "Platform"],
    "Simulation": ["Primitives", "Commitments", "Evidence"],
    "Client": [
        "Primitives", "Keys", "Formats", "Commitments", "Plans", "Sealing", "Evidence", "Lifecycle", "Verification",
        "AgentAPI",
    ],
    "AgentService": [
        "Primitives", "Keys", "Formats", "Commitments", "Plans", "Composition", "Sealing", "Evidence", "Lifecycle",
        "AgentAPI", "Execution", "Platform",
    ],
    "MonitorService": ["Primitives", "Platform", "Pages"],
    "twocvm-monitor": ["Platform", "MonitorService"],
    "Image": ["Primitives", "Commitments", "Evidence", "Platform"],
    "Orchestration": [
        "Primitives", "Keys", "Commitments", "Lifecycle", "Evidence", "Scheduling", "AgentAPI", "Platform", "Client",
        "Image",
    ],
    "Workbench": [
        "Primitives", "Keys", "Formats", "Commitments", "Plans", "Composition", "Evidence", "Lifecycle", "Verification",
        "AgentAPI", "Execution", "Platform", "Client", "Image", "Pages",
    ],
    "CommandOptions": [
        "Primitives", "Keys", "Commitments", "Plans", "Composition", "Evidence", "Platform", "Client", "Pages",
        "Workbench",
    ],
    "ManifestCommands": [
        "Primitives", "Keys", "Formats", "Commitments", "Composition", "Evidence", "Verification", "Execution",
        "Platform", "Image", "Pages", "Workbench", "CommandOptions",
    ],
    "PlanCommands": [
        "Primitives", "Keys", "Formats", "Commitments", "Plans", "Evidence", "Verification", "Scheduling", "AgentAPI",
        "Platform", "Client", "Image", "Pages", "Orchestration", "Workbench", "CommandOptions",
    ],
    "SessionCommands": [
        "Primitives", "Keys", "Commitments", "Plans", "Evidence", "Lifecycle", "Verification", "AgentAPI", "Platform",
        "Client", "Pages", "Workbench", "CommandOptions",
    ],
    "EvidenceCommands": [
        "Primitives", "Keys", "Commitments", "Evidence", "Verification", "Platform", "Client", "Pages", "Workbench",
        "CommandOptions",
    ],
    "MachineCommands": [
        "Primitives", "Keys", "Commitments", "Evidence", "Platform", "Image", "Workbench", "CommandOptions",
    ],
    "twocvm": [
        "Workbench", "CommandOptions", "ManifestCommands", "PlanCommands", "SessionCommands", "EvidenceCommands",
        "MachineCommands",
    ],
    "twocvm-worker": ["Worker"],
    "twocvm-gate": ["Primitives", "Formats", "WorkerJob", "Platform"],
    "twocvm-agent": ["Primitives", "Evidence", "Platform", "SEVGuest", "Boot", "AgentService"],
    "twocvm-agent-simulated": [
        "Primitives", "Commitments", "Evidence", "Platform", "AgentAPI", "AgentService", "Simulation",
    ],
    "CTrial": ["CSEVGuest"],
    "twocvm-trial": ["Primitives", "Commitments", "Evidence", "Platform", "SEVGuest", "Boot", "Simulation", "CTrial"],
]

/// What the pure targets may use from outside the house.
private let pure: Set<String> = [
    "Primitives", "Keys", "Sealing", "Formats", "Commitments", "Plans", "Lifecycle", "Composition", "Evidence",
    "Scheduling", "Verification", "AgentAPI", "WorkerJob", "Pages",
]
private let pureOutside: Set<String> = ["Crypto", "CryptoExtras", "SwiftASN1", "FoundationEssentials"]

@Suite("The import graph")
struct ImportGraphTests {
    @Test("has an entry for each target, and a target for each entry")
    func complete() throws {
        #expect(Set(try SourceTree.targets()) == Set(mayImport.keys))
    }

    @Test("is what Package.swift says")
    func package() throws {
        let declared = try PackageManifest().dependencies
        for (target, allowed) in mayImport { #expect(declared[target] == allowed, "\(target)") }
        #expect(Set(declared.keys) == Set(mayImport.keys))
    }

    @Test("points down in the picture of docs/ARCHITECTURE.md, which names each target once")
    func picture() throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/ARCHITECTURE.md"), encoding: .utf8)
        let drawn = try #require(page.firstMatch(of: /\n```\n(programs [^`]*)```/)).1.split(separator: "\n")
        let line = try #require(drawn.firstIndex { $0.contains("pure from here on") })
        var rows: [String: Int] = [:]
        for (row, text) in drawn.enumerated() where row != line {
            // A row's title, then its targets. A product's name begins with a digit, a module's cannot.
            for name in text.dropFirst(12).split(separator: " ").map({ String($0).replacing("2cvm", with: "twocvm") }) {
                #expect(rows.updateValue(row, forKey: name) == nil, "\(name) is drawn twice")
            }
        }
        #expect(Set(rows.keys) == Set(mayImport.keys))
        for (target, others) in mayImport {
            for other in others {
                #expect(rows[target, default: 0] < rows[other, default: 0], "\(target) uses \(other)")
            }
        }
        #expect(Set(rows.filter { $0.value > line }.keys) == pure)
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

    @Test("links the SEV device and what boots a machine into what runs in a VM alone")
    func machineStaysInTheVM() {
        for program in ["twocvm", "twocvm-worker", "twocvm-gate", "twocvm-agent-simulated"] {
            let linked = reachable(from: program)
            #expect(linked.isDisjoint(with: ["Boot", "CBoot", "SEVGuest", "CSEVGuest"]), "\(program)")
        }
    }

    @Test("links a server into what serves alone, and neither keys of a participant nor a client into the monitor's")
    func serversStayOut() {
        for program in ["twocvm", "twocvm-worker", "twocvm-gate"] {
            #expect(reachable(from: program).isDisjoint(with: ["AgentService", "MonitorService"]), "\(program)")
        }
        #expect(
            reachable(from: "twocvm-monitor").isDisjoint(with: ["Client", "Workbench", "AgentService", "AgentAPI"]))
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
    func simulationStaysOut() throws {
        let executables = try PackageManifest().executables
        #expect(executables.isSuperset(of: ["twocvm", "twocvm-worker", "twocvm-agent"]))
        for executable in executables.subtracting(["twocvm-agent-simulated", "twocvm-trial"]) {
            #expect(!reachable(from: executable).contains("Simulation"), "\(executable)")
        }
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
