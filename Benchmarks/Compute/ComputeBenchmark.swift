import Glibc
import Platform
import Primitives
import Wasmtime

/// What isolation costs: the same kernels natively and in the engine, under the worker's settings and under others.
///
///     compute-benchmark FOLDER ROUNDS [all | small | KERNEL] [NATIVE]
///     compute-benchmark compile COMPONENT TIMES
///     compute-benchmark works FOLDER [all | small]
///
/// FOLDER is what Benchmarks/Kernels/build made. Each row is measured in sessions. A session prepares every column,
/// each in memory that it did not have before, since where physical pages lie can matter more than any setting; then
/// each round runs every column once, each time beginning with another. One JSON array goes to standard output, with
/// every time in it: nothing at all when two columns computed different things. `compile` tells the nanoseconds of
/// compiling a component, so often. `works` measures nothing and tells what would be, for who measures elsewhere.
@main
struct ComputeBenchmark {
    static func main() {
        do {
            let arguments = CommandLine.arguments
            if arguments.count == 4, arguments[1] == "compile", let times = Int(arguments[3]), times > 0 {
                return printJSON(.array(try compile(arguments[2], times: times)))
            }
            if arguments.count == 4, arguments[1] == "works" {
                return printJSON(.array(try list(arguments[3] == "small" ? Work.small : Work.measured, arguments[2])))
            }
            guard arguments.count >= 3, let rounds = Int(arguments[2]), (1...1_000).contains(rounds) else {
                throw BenchmarkError("usage: compute-benchmark FOLDER ROUNDS [all | small | KERNEL] [NATIVE]")
            }
            let memory = MachineMemory.totalBytes >> 30
            let choice = arguments.count > 3 ? arguments[3] : "all"
            let works =
                switch choice {
                case "all": Work.measured.filter { $0.gibibytes <= memory }
                case "small": Work.small
                default: Work.measured.filter { $0.kernel == choice && $0.gibibytes <= memory }
                }
            guard !works.isEmpty else { throw BenchmarkError("there is no kernel \(choice)") }
            let native = arguments.count > 4 ? arguments[4] : "native.so"
            let benchmark = try ComputeBenchmark(folder: arguments[1], native: native)
            let rows = try works.map { try benchmark.measure($0, rounds: rounds) }
            printJSON(.array(rows))
        } catch {
            let words = (error as? any ExplainedError)?.message ?? "\(error)"
            try? NamedFile.writeStandardError(Array("compute-benchmark: error: \(words)\n".utf8))
            exit(1)
        }
    }

    private static func list(_ works: [Work], _ folder: String) throws -> [JSONValue] {
        let names = try NativeKernels("\(folder)/native.so", hugePages: false).names
        return try works.map { work in
            guard let index = names.firstIndex(of: work.kernel) else {
                throw BenchmarkError("there is no kernel \(work.kernel)")
            }
            return [
                "kernel": .string(work.kernel), "index": .integer(index), "workingSet": .string(work.workingSet),
                "size": .integer(Int(work.size)), "rounds": .integer(Int(work.rounds)),
                "gibibytes": .integer(work.gibibytes),
            ]
        }
    }

    private static func printJSON(_ value: JSONValue) {
        print(String(decoding: value.canonicalBytes, as: UTF8.self))
    }

    /// By the worker's engine, which takes every processor that this process may use.
    private static func compile(_ path: String, times: Int) throws -> [JSONValue] {
        let engine = try Engine()
        let binary = try contents(of: path)
        return try (0..<times).map { _ in
            let start = ContinuousClock.now
            _ = try engine.compile(binary)
            return .integer(Int(start.duration(to: .now) / .nanoseconds(1)))
        }
    }

    private static let sessions = 3

    private let columns: [Column]
    private let names: [String]

    private init(folder: String, native: String) throws {
        let plain = try NativeKernels("\(folder)/\(native)", hugePages: false)
        names = plain.names
        columns =
            [
                Column("native", native: plain),
                Column("native-huge", native: try NativeKernels("\(folder)/native-huge.so", hugePages: true)),
                Column("native-march", native: try NativeKernels("\(folder)/native-march.so", hugePages: false)),
            ]
            + (try Self.engines.map { name, settings in
                let component = settings.allowsMemory64 ? "kernels64.wasm" : "kernels.wasm"
                return try Column(name, component: "\(folder)/\(component)", settings)
            })
    }

    /// The worker's settings, and each departure from them on its own.
    private static var engines: [(String, EngineSettings)] {
        func changed(_ change: (inout EngineSettings) -> Void) -> EngineSettings {
            var settings = EngineSettings.runtime(.engine)
            change(&settings)
            return settings
        }
        return [
            ("engine", .runtime(.engine)),
            ("huge-pages", .runtime(.hugePages)),
            ("epochs", changed { $0.looksAtEpochs = true }),
            ("fuel", changed { $0.countsFuel = true }),
            ("no-signals", changed { $0.trapsBySignals = false }),
            ("no-reservation", changed { $0.reservesAddresses = false }),
            ("memory64", changed { $0.allowsMemory64 = true }),
        ]
    }

    /// Measures one row, or refuses to.
    private func measure(_ work: Work, rounds: Int) throws -> JSONValue {
        guard let index = names.firstIndex(of: work.kernel) else {
            throw BenchmarkError("there is no kernel \(work.kernel)")
        }
        let kernel = UInt32(index)
        var times = [[Int]](repeating: [], count: columns.count)
        var last: UInt64 = 0
        for session in 0..<Self.sessions {
            for column in columns { column.release() }
            try prepare(kernel, work, beginningWith: session * columns.count / Self.sessions)
            // The first round warms caches, and is not told.
            for round in 0...rounds {
                var checksums = [UInt64](repeating: 0, count: columns.count)
                for offset in columns.indices {
                    let column = (offset + round) % columns.count
                    let (checksum, nanoseconds) = try columns[column].run(kernel, work.rounds)
                    checksums[column] = checksum
                    if round > 0 { times[column].append(nanoseconds) }
                }
                last = try requireEqual(checksums, work)
            }
        }
        let told = zip(columns, times).map { column, times in
            JSONMember(column.name, .array(times.map { .integer($0) }))
        }
        return [
            "kernel": .string(work.kernel), "class": .string(work.kind.rawValue),
            "workingSet": .string(work.workingSet), "rounds": .integer(Int(work.rounds)),
            "checksum": .string(String(last, radix: 16)), "nanoseconds": .object(told),
        ]
    }

    private func prepare(_ kernel: UInt32, _ work: Work, beginningWith first: Int) throws {
        var checksums = [UInt64](repeating: 0, count: columns.count)
        for offset in columns.indices {
            let column = (first + offset) % columns.count
            checksums[column] = try columns[column].prepare(kernel, work.size)
        }
        _ = try requireEqual(checksums, work)
    }

    private func requireEqual(_ checksums: [UInt64], _ work: Work) throws(BenchmarkError) -> UInt64 {
        for (column, checksum) in zip(columns, checksums) where checksum != checksums[0] {
            throw BenchmarkError("\(work.kernel), \(work.workingSet): \(column.name) and native differ")
        }
        return checksums[0]
    }
}
