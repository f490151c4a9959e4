import Glibc
import Platform
import Primitives

/// Loads a running agent and prints figures as one JSON object.
///
///     agent-benchmark evidence HOST PORT CONNECTIONS SECONDS ROOT
@main
struct AgentBenchmark {
    static func main() async {
        do {
            try await run()
        } catch {
            try? NamedFile.writeStandardError(Array("agent-benchmark: error: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count == 6, words[0] == "evidence", let port = Int(words[2]), let connections = Int(words[3]),
            let seconds = Int(words[4]), let root = SHA256Digest(hex: words[5])
        else { throw LoadError.usage }
        let load = EvidenceLoad(host: words[1], port: port, connections: connections, duration: .seconds(seconds))
        let figures = try EvidenceFigures(try await load.run(), simulatedRoot: root)
        print(String(decoding: figures.json.canonicalBytes, as: UTF8.self))
    }
}
