import Foundation
import TestSupport
import Testing

/// What the benchmark measures must be one computation, in every build and under every setting.
@Suite("The benchmark's kernels", .serialized)
struct KernelTests {
    private static let kernels: Set<String> = [
        "sum", "triad", "moments", "matmul", "sha256", "index chase", "pointer chase", "8 chains", "GUPS", "BFS",
        "hash join", "quicksort", "tree allocation", "indirect calls", "CSV parse",
    ]
    private static let columns: Set<String> = [
        "native", "native-huge", "native-march", "engine", "huge-pages", "epochs", "fuel", "no-signals",
        "no-reservation", "memory64",
    ]

    @Test("come to the same checksums natively and in the engine, under every setting")
    func agree() throws {
        let report = try run(native: "native.so")
        #expect(report.status == 0, "\(report.errors)")
        let rows = try JSONDecoder().decode([Row].self, from: Data(report.output.utf8))
        #expect(Set(rows.map(\.kernel)) == Self.kernels)
        #expect(rows.count == Self.kernels.count)
        for row in rows {
            #expect(Set(row.nanoseconds.keys) == Self.columns)
            #expect(row.nanoseconds.values.allSatisfy { $0.count == 3 && $0.allSatisfy { $0 > 0 } })
        }
        // A checksum that no work goes into would be equal everywhere too.
        #expect(Set(rows.map(\.checksum)).count == rows.count)
    }

    @Test("are not reported on where one build computes something else")
    func disagree() throws {
        let report = try run(native: "native-other.so")
        #expect(report.status == 1)
        #expect(report.output.isEmpty)
        #expect(report.errors.contains("differ"))
    }

    @Test("are not reported on without a native build to hold them against")
    func withoutNative() throws {
        let report = try run(native: "absent.so")
        #expect(report.status == 1)
        #expect(report.output.isEmpty)
        #expect(report.errors.contains("absent.so"))
    }

    private struct Row: Decodable {
        let kernel: String
        let checksum: String
        let nanoseconds: [String: [Int]]
    }

    private func run(native: String) throws -> (status: Int32, output: String, errors: String) {
        let built = try start("Benchmarks/Kernels/build", [])
        try #require(built.status == 0, "\(built.errors)")
        let folder = Repository.root.appending(path: ".build/kernels").path
        return try start(".build/release/compute-benchmark", [folder, "1", "small", native])
    }

    private func start(_ program: String, _ arguments: [String]) throws -> (
        status: Int32, output: String, errors: String
    ) {
        let process = Process()
        process.executableURL = Repository.root.appending(path: program)
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both are far smaller than a pipe holds, or come one after the other.
        let told = output.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: told, as: UTF8.self), String(decoding: said, as: UTF8.self))
    }
}
