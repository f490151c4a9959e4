private import CWasmtime

/// Bounds of a store, beside those that a component's own binary states. Each must be zero or more.
public struct StoreBounds: Equatable, Sendable {
    /// The largest single linear memory.
    public var memoryBytes: Int
    /// The largest single table.
    public var tableElements: Int
    /// Core instances, tables and linear memories, each counted over the whole store.
    public var instances: Int
    public var tables: Int
    public var memories: Int

    /// Each bound by its name.
    public init(memoryBytes: Int, tableElements: Int, instances: Int, tables: Int, memories: Int) {
        self.memoryBytes = memoryBytes
        self.tableElements = tableElements
        self.instances = instances
        self.tables = tables
        self.memories = memories
    }
}

/// Owns the memories, tables and open files of what runs in it. A trap anywhere ends all of it.
@safe
public struct Store: ~Copyable {
    private let pointer: OpaquePointer

    /// Makes an empty store.
    ///
    /// - Precondition: no bound is negative.
    /// - Throws: ``EngineError/unavailable``.
    public init(
        _ engine: borrowing Engine, bounds: StoreBounds, folders: consuming FolderGrants
    ) throws(EngineError) {
        precondition(
            min(bounds.memoryBytes, bounds.tableElements, bounds.instances, bounds.tables, bounds.memories) >= 0,
            "a negative bound would be none")
        guard let pointer = unsafe wasmtime_store_new(engine.pointer, nil, nil) else { throw .unavailable }
        unsafe wasmtime_store_limiter(
            pointer, Int64(bounds.memoryBytes), Int64(bounds.tableElements), Int64(bounds.instances),
            Int64(bounds.tables), Int64(bounds.memories))
        let error = unsafe wasmtime_context_set_wasi(wasmtime_store_context(pointer), folders.release())
        var isReady = unsafe LibraryError(owning: error) == nil
        if engine.settings.countsFuel {
            let refusal = unsafe wasmtime_context_set_fuel(wasmtime_store_context(pointer), .max)
            isReady = unsafe LibraryError(owning: refusal) == nil && isReady
        }
        if engine.settings.looksAtEpochs {
            // Nobody moves the epoch, so that this one never comes.
            unsafe wasmtime_context_set_epoch_deadline(wasmtime_store_context(pointer), 1)
        }
        guard isReady else {
            unsafe wasmtime_store_delete(pointer)
            throw .unavailable
        }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe wasmtime_store_delete(pointer)
    }

    /// Valid as long as the store.
    @unsafe
    var context: OpaquePointer? { unsafe wasmtime_store_context(pointer) }
}
