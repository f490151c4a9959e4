private import CWasmtime

/// Owns a compilation engine for its lifetime.
///
/// Not copyable: the library's object is freed exactly once, when the owner goes away. No pointer leaves this
/// target, which is what `@safe` promises here. Components and instances made by an engine keep what they need of
/// it alive themselves.
@safe
public struct Engine: ~Copyable {
    let pointer: OpaquePointer
    let settings: EngineSettings
    /// Lent by the engine, where its memories are of our own making.
    private let memories: OpaquePointer?

    /// Makes an engine that accepts exactly what ``EngineFeature`` allows.
    ///
    /// - Parameters:
    ///   - memory: Where the pages behind linear memories come from.
    ///   - keepsMemorySizes: Whether ``memoryUses()`` is to be asked.
    ///   - allowsExceptions: Whether it also accepts exceptions.
    /// - Throws: ``EngineError/unavailable``.
    public init(
        memory: MemoryBacking = .engine, keepsMemorySizes: Bool = false, allowsExceptions: Bool = false
    ) throws(EngineError) {
        try self.init(
            settings: .runtime(memory, keepsMemorySizes: keepsMemorySizes, allowsExceptions: allowsExceptions))
    }

    /// Makes an engine whose machine code is to be kept: the same bytes on every machine.
    ///
    /// - Throws: ``EngineError/unavailable``.
    public static func forKeptCode() throws(EngineError) -> Engine {
        try Engine(settings: .keptCode)
    }

    /// Makes an engine to be measured.
    package init(settings: EngineSettings) throws(EngineError) {
        guard let (config, memories) = unsafe EngineConfiguration.make(settings),
            let pointer = unsafe wasm_engine_new_with_config(config)
        else { throw .unavailable }
        unsafe self.pointer = pointer
        unsafe self.memories = memories
        self.settings = settings
    }

    deinit {
        unsafe wasm_engine_delete(pointer)
    }

    /// How large each linear memory that was ever made has become, in the order in which they were made.
    ///
    /// - Returns: `nil` where the sizes are not kept, or there were more than ``MemoryUse/maximumCount``.
    public borrowing func memoryUses() -> [MemoryUse]? {
        guard settings.keepsMemorySizes, let memories = unsafe memories else { return nil }
        var uses = [cwasmtime_memory_use_t](
            repeating: cwasmtime_memory_use_t(), count: MemoryUse.maximumCount)
        let count = unsafe cwasmtime_memories_uses(memories, &uses)
        guard count <= MemoryUse.maximumCount else { return nil }
        return uses.prefix(count).map { MemoryUse(bytes: $0.bytes, maximumBytes: $0.maximum_bytes) }
    }

    /// `\0asm`, version 13, layer 1: how every component's binary form begins.
    private static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]

    /// Decodes, type-checks and compiles a component in its binary form. Hostile bytes are welcome.
    ///
    /// - Throws: ``EngineError/notBinary``, ``EngineError/refused(_:)``.
    public borrowing func compile(_ binary: [UInt8]) throws(EngineError) -> CompiledComponent {
        // The library takes anything else for component text and parses that, which nobody here needs.
        guard binary.starts(with: Self.preamble) else { throw .notBinary }
        var component: OpaquePointer?
        let error = unsafe wasmtime_component_new(pointer, binary, binary.count, &component)
        if let failure = unsafe LibraryError(owning: error) { throw .refused(failure.words) }
        guard let component = unsafe component else { throw .unavailable }
        return unsafe CompiledComponent(owning: component)
    }
}

extension Engine {
    /// Checks one core module that lies inside a larger binary against what this engine accepts. Nothing is compiled.
    ///
    /// - Throws: ``EngineError/refused(_:)``, with offsets of the whole binary.
    /// - Precondition: the range lies inside the binary.
    public borrowing func validateModule(at range: Range<Int>, of binary: [UInt8]) throws(EngineError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= binary.count, "a module lies inside its binary")
        let error = unsafe binary.withUnsafeBufferPointer { bytes in
            let start = unsafe bytes.baseAddress.map { unsafe $0 + range.lowerBound }
            return unsafe wasmtime_module_validate(pointer, start, range.count)
        }
        if let failure = unsafe LibraryError(owning: error) {
            throw .refused(failure.words.movingOffset(by: range.lowerBound))
        }
    }
}

/// One linear memory, after it was used.
public struct MemoryUse: Equatable, Sendable {
    /// As many as are kept of one engine.
    public static let maximumCount = 4_096

    /// As large as it has become: memories never shrink.
    public let bytes: Int
    /// As large as it may become.
    public let maximumBytes: Int
}
