import Platform
import Wasmtime

/// One way to run the kernels: a native build, or the engine with one set of settings.
final class Column {
    /// Stable: `native`, `runtime`, `fuel`.
    let name: String
    private let maker: Maker
    private var instance: Instance?

    private enum Maker {
        case native(NativeKernels)
        case engine(CompiledKernels)
    }

    init(_ name: String, native: NativeKernels) {
        self.name = name
        maker = .native(native)
    }

    init(_ name: String, component: String, _ settings: EngineSettings) throws {
        self.name = name
        maker = .engine(try CompiledKernels(component, settings))
    }

    /// Gives the working set back.
    func release() {
        switch maker {
        case .native(let kernels): kernels.release()
        case .engine: instance = nil
        }
    }

    /// Fills the working set anew, in a new instance where it is the engine's.
    func prepare(_ kernel: UInt32, _ size: UInt32) throws -> UInt64 {
        switch maker {
        case .native(let kernels): return kernels.prepare(kernel, size)
        case .engine(let compiled):
            var made = try compiled.instantiate()
            let checksum = try made.call("prepare", of: CompiledKernels.interface, kernel, size)
            instance = consume made
            return checksum
        }
    }

    /// Runs once: the checksum, and how long it took.
    func run(_ kernel: UInt32, _ rounds: UInt32) throws -> (checksum: UInt64, nanoseconds: Int) {
        let start = ContinuousClock.now
        let checksum =
            switch maker {
            case .native(let kernels): kernels.run(kernel, rounds)
            case .engine: try instance?.call("run", of: CompiledKernels.interface, kernel, rounds) ?? 0
            }
        return (checksum, Int(start.duration(to: .now) / .nanoseconds(1)))
    }
}

/// The component of kernels, compiled by the engine that the worker uses.
final class CompiledKernels {
    static let interface = "twocvm:benchmarks/kernels"

    private let engine: Engine
    private let component: CompiledComponent

    init(_ path: String, _ settings: EngineSettings) throws {
        let engine = try Engine(settings: settings)
        component = try engine.compile(try contents(of: path))
        self.engine = engine
    }

    func instantiate() throws -> Instance {
        let bounds = StoreBounds(memoryBytes: 2 << 30, tableElements: 1_000, instances: 10, tables: 10, memories: 10)
        let store = try Store(engine, bounds: bounds, folders: try FolderGrants())
        return try Linker(engine).instantiate(component, in: store)
    }
}

/// A file's bytes: at most 64 MiB of them.
func contents(of path: String) throws(PlatformError) -> [UInt8] {
    try RegularFile(path: path).read(upTo: 64 << 20, at: 0)
}
