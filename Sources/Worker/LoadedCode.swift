import Platform
import Wasmtime

/// A runtime's machine code, loaded before the walls are up, and the engine that it was loaded into.
///
/// A file becomes code of this process here and nowhere else: behind the walls no file can be mapped. The code was made
/// by a worker that saw nothing else, and whoever started this process has compared its digest. Nothing that a
/// participant sent was read yet.
struct LoadedCode: ~Copyable {
    let engine: Engine
    private let module: CompiledModule?

    /// An engine alone, for a run without a runtime.
    init(_ engine: consuming Engine) {
        self.engine = engine
        module = nil
    }

    /// - Throws: ``EngineError`` where the code is of another engine, or for another processor.
    init(at path: String, for parent: borrowing WorkerDescriptors, _ memory: MemoryBacking) throws(EngineError) {
        let engine = try Engine(memory: memory, keepsMemorySizes: parent.isRehearsal, allowsExceptions: true)
        module = .some(try engine.load(trusting: path))
        self.engine = engine
    }

    /// Lets components import the module.
    borrowing func define(_ name: String, in linker: borrowing Linker) throws(EngineError) {
        switch module {
        case .some(let module): try linker.define(module, as: name)
        case .none: throw .unavailable
        }
    }
}

/// What came of a worker's descriptor for machine code.
enum FoundCode: ~Copyable {
    case none
    case refused
    case loaded(LoadedCode)

    init(for parent: borrowing WorkerDescriptors, _ memory: MemoryBacking) {
        guard let path = parent.machineCodePath else {
            self = .none
            return
        }
        do {
            self = .loaded(try LoadedCode(at: path, for: parent, memory))
        } catch {
            self = .refused
        }
    }
}
