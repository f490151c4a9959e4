import Foundation
import TestSupport
import Testing

private let simulated = "2cvm-agent-simulated"

@Suite("The simulated agent", .serialized)
struct SimulatedAgentTests {
    /// Drawing keys takes seconds, so one file serves every test that needs any.
    private static let keys = Result {
        let folder = try AgentProcess.folder()
        let agent = try AgentProcess(simulated, ["--keys", "keys", "--listen", "127.0.0.1:0"], in: folder)
        #expect(agent.end(with: SIGTERM) == 0)
        #expect(agent.errorText.contains("drawing keys for keys"))
        return folder
    }

    private func start(_ arguments: [String] = []) throws -> AgentProcess {
        let folder = try Self.keys.get()
        return try AgentProcess(
            simulated, ["--keys", "keys", "--listen", "127.0.0.1:0", "--folder", folder.path] + arguments, in: folder)
    }

    private func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Self.keys.get().path).filter { $0.hasPrefix("2cvm-job-") }
    }

    @Test("says that it is simulated at its start and in its status")
    func announces() async throws {
        try await offPool {
            let agent = try start()
            #expect(agent.announcement.count == 3)
            #expect(agent.announcement[0] == "\(simulated): SIMULATED, no hardware protects this session")
            #expect(agent.announcement[1].contains(/^2cvm-agent-simulated: simulated root sha256:[0-9a-f]{64}$/))
            #expect(agent.announcement[2] == "\(simulated): listening on 127.0.0.1:\(agent.port)")
            let status = try agent.get("/v1/status")
            #expect(status.text.contains("\"simulated\":true"))
            let limits = try String(contentsOfFile: "/proc/\(agent.identifier)/limits", encoding: .utf8)
            #expect(limits.contains(#/Max core file size +0 +0 /#))
            #expect(try agent.get("/v1/evidence?nonce=" + String(repeating: "1a", count: 32)).status == 200)
            #expect(agent.end(with: SIGTERM) == 0)
        }
    }

    @Test("keeps its root from start to start, in files that are its owner's alone")
    func keys() async throws {
        try await offPool {
            let first = try start()
            let second = try start()
            #expect(first.announcement[1] == second.announcement[1])
            #expect(first.end(with: SIGTERM) == 0 && second.end(with: SIGTERM) == 0)
            for name in ["keys", "keys.certificates"] {
                let path = try Self.keys.get().appending(path: name).path
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
        }
    }

    @Test("draws keys for one start when no file is named, and writes no file")
    func keysInMemory() async throws {
        try await offPool {
            let folder = try AgentProcess.folder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let first = try AgentProcess(simulated, ["--listen", "127.0.0.1:0"], in: folder)
            #expect(try first.get("/v1/evidence?nonce=" + String(repeating: "1a", count: 32)).status == 200)
            #expect(first.end(with: SIGTERM) == 0)
            #expect(first.errorText.contains("drawing keys for this start alone"))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.allSatisfy { $0.hasPrefix("errors-") }, "\(left)")
            #expect(try start().announcement[1] != first.announcement[1])
        }
    }

    @Test("is bound to the manifest that it was launched for")
    func hostData() async throws {
        try await offPool {
            let digest = String(repeating: "7f", count: 32)
            let agent = try start(["--host-data", "sha256:\(digest)"])
            #expect(try agent.get("/v1/status").text.contains("\"manifestDigest\":\"\(digest)\""))
            #expect(agent.end(with: SIGTERM) == 0)
        }
    }

    @Test("ends at a signal and leaves nothing behind", arguments: [SIGTERM, SIGINT])
    func signals(_ signal: Int32) async throws {
        try await offPool {
            let agent = try start()
            let idle = try RawConnection(port: agent.port)
            #expect(try leftovers().count == 1)
            #expect(agent.end(with: signal) == 0)
            #expect(try idle.receiveToEnd().isEmpty)
            #expect(try leftovers().isEmpty)
        }
    }

    @Test("removes what a killed one left behind")
    func sweeps() async throws {
        try await offPool {
            let killed = try start()
            _ = killed.end(with: SIGKILL)
            #expect(try leftovers().count == 1)
            let next = try start()
            #expect(try leftovers().count == 1)
            #expect(next.end(with: SIGTERM) == 0)
            #expect(try leftovers().isEmpty)
        }
    }

    @Test("serves a stranger beside a thousand idle connections")
    func crowd() async throws {
        try await offPool {
            let agent = try start()
            let crowd = try (0..<1100).map { _ in try RawConnection(port: agent.port) }
            #expect(try agent.get("/v1/status").status == 200)
            let status = try String(contentsOfFile: "/proc/\(agent.identifier)/status", encoding: .utf8)
            let resident = try #require(status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) })
            // A receive buffer for each would alone be 256 MiB.
            #expect(resident < 128 * 1024, "\(resident) KiB")
            #expect(crowd.count == 1100)
            #expect(agent.end(with: SIGTERM) == 0)
        }
    }

    @Test("logs refusals by code, and no request that only asks")
    func log() async throws {
        try await offPool {
            let agent = try start()
            _ = try agent.get("/v1/status")
            _ = try agent.get("/private-path")
            #expect(agent.end(with: SIGTERM) == 0)
            #expect(agent.errorText.contains("GET - 404 http.path in "))
            #expect(agent.errorText.contains("\(simulated): stopped\n"))
            #expect(!agent.errorText.contains("/v1/status") && !agent.errorText.contains("private"))
        }
    }

    @Test("refuses keys that others can read, and names what it cannot use")
    func refusals() async throws {
        let listen = ["--listen", "127.0.0.1:0"]
        try await offPool {
            let folder = try AgentProcess.folder()
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appending(path: "open")
            try Data("{}".utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
            let open = try AgentProcess.run(simulated, ["--keys", "open"] + listen, in: folder)
            #expect(open.status == 1 && open.text.contains("error[platform.file.not-private]"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            let wrong = try AgentProcess.run(simulated, ["--keys", "open"] + listen, in: folder)
            #expect(wrong.status == 2 && wrong.text.contains("error[simulation.keys]"))
            let keys = try Self.keys.get().appending(path: "keys").path
            let disk = Repository.root.appending(path: ".build").path
            for (arguments, status, code) in [
                (["--worker", "/nonexistent"] + listen, Int32(3), "there is no /nonexistent"),
                (
                    ["--worker", "/bin/sh"] + listen, 3,
                    "error[agent.program]: a program is missing: there is no /bin/2cvm-gate"
                ),
                (["--listen", "192.0.2.1:1"], 3, "agent.listen"),
                (["--require-walls", "--folder", disk] + listen, 1, "agent.folder"),
                (["--folder", "/nonexistent"] + listen, 3, "platform.temporary-folder.none"),
                (["--listen", "nowhere"], 64, "--listen"), (["--listen", "127.0.0.1:65536"], 64, "--listen"),
                (["--host-data", "sha256:00"] + listen, 64, "--host-data"),
                (["--measurement", "00"] + listen, 64, "--measurement"), (["--memory", "0"] + listen, 64, "--memory"),
            ] {
                let run = try AgentProcess.run(simulated, ["--keys", keys] + arguments, in: folder)
                #expect(run.status == status, "\(arguments): \(run.text)")
                #expect(run.text.contains(code), "\(run.text)")
            }
        }
    }
}

@Suite("Both agents")
struct AgentVersionTests {
    @Test("print the product's version and the engine's, as 2cvm does", arguments: ["2cvm-agent", simulated])
    func version(_ program: String) async throws {
        try await offPool {
            let run = try AgentProcess.run(program, ["--version"], in: URL(filePath: "/"))
            let file = Repository.root.appending(path: "Sources/CommandOptions/Version.swift")
            let source = try String(contentsOf: file, encoding: .utf8)
            let product = try #require(source.firstMatch(of: /product = "([0-9.]+)"/)).1
            let engine = try #require(source.firstMatch(of: /engine = "([a-z0-9. ]+)"/)).1
            #expect(run.status == 0 && run.text == "\(program) \(product)\n\(engine)\n")
        }
    }
}

@Suite("The production agent")
struct ProductionAgentTests {
    @Test("refuses to start without the processor's device, and says which")
    func noDevice() async throws {
        try await offPool {
            guard !FileManager.default.fileExists(atPath: "/dev/sev-guest") else { return }
            let run = try AgentProcess.run("2cvm-agent", ["--listen", "127.0.0.1:0"], in: URL(filePath: "/"))
            #expect(run.status == 3)
            #expect(run.text.hasPrefix("2cvm-agent: error["))
            #expect(!run.text.contains("listening"))
        }
    }

    @Test("has no option that would make it a simulated one")
    func options() async throws {
        try await offPool {
            for option in ["--keys", "--host-data", "--measurement", "--require-walls"] {
                let run = try AgentProcess.run("2cvm-agent", [option, "x"], in: URL(filePath: "/"))
                #expect(run.status == 64, "\(option)")
            }
            let help = try AgentProcess.run("2cvm-agent", ["--help"], in: URL(filePath: "/"))
            #expect(help.status == 0 && help.text.contains("--listen <host:port>"))
        }
    }
}
