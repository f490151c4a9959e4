/// Memory by address, as the canonical ABI speaks of it. The only unsafe code of a guest.
///
/// What arrives belongs to the component: lifting copies it and frees it. What leaves stays here,
/// and is freed once its reader has it.
enum Memory {
    /// Addresses that were lowered and not read yet. A component runs one thread and is never entered twice.
    nonisolated(unsafe) private static var lowered: [Int] = []

    /// How much is lowered at this moment; ``release(since:)`` goes back to it.
    static var mark: Int { unsafe lowered.count }

    /// Room for a value that leaves, or that an import will write. Never freed by the reader.
    static func allocate(_ byteCount: Int) -> Int {
        let start = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 16)
        let address = Int(bitPattern: start)
        unsafe lowered.append(address)
        return address
    }

    /// Frees what was allocated since `mark`.
    static func release(since mark: Int) {
        while unsafe lowered.count > mark {
            unsafe pointer(lowered.removeLast()).deallocate()
        }
    }

    /// Frees a buffer that arrived. An empty one owns nothing.
    static func free(_ address: Int, byteCount: Int) {
        if byteCount > 0 { unsafe pointer(address).deallocate() }
    }

    static func load<Value: BitwiseCopyable>(at address: Int) -> Value {
        unsafe pointer(address).load(as: Value.self)
    }

    static func store<Value: BitwiseCopyable>(_ value: Value, at address: Int) {
        unsafe pointer(address).storeBytes(of: value, as: Value.self)
    }

    /// Copies `count` values that lie one after the other.
    static func load<Value: BitwiseCopyable>(count: Int, at address: Int) -> [Value] {
        guard count > 0 else { return [] }
        return unsafe [Value](unsafeUninitializedCapacity: count) { values, initialized in
            let byteCount = count * MemoryLayout<Value>.stride
            unsafe UnsafeMutableRawBufferPointer(values)
                .copyMemory(from: UnsafeRawBufferPointer(start: pointer(address), count: byteCount))
            initialized = count
        }
    }

    static func store<Value: BitwiseCopyable>(_ values: [Value], at address: Int) {
        unsafe values.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe pointer(address).copyMemory(from: start, byteCount: bytes.count)
        }
    }

    private static func pointer(_ address: Int) -> UnsafeMutableRawPointer {
        guard let pointer = unsafe UnsafeMutableRawPointer(bitPattern: address) else {
            preconditionFailure("the canonical ABI gave a null address")
        }
        return unsafe pointer
    }
}
