// What the generated bindings are made of: values in, values out, one core call between them.

/// The parameters of a call, each in 64 bits whatever its type.
///
/// More than 16 the canonical ABI passes through memory; the generator refuses those.
struct Slots {
    private var values = InlineArray<16, UInt64>(repeating: 0)
    private var count = 0

    subscript(index: Int) -> UInt64 {
        get { values[index] }
        set { values[index] = newValue }
    }

    mutating func append(_ value: Int32) { append(UInt64(UInt32(bitPattern: value))) }
    mutating func append(_ value: Int64) { append(UInt64(bitPattern: value)) }
    mutating func append(_ value: Float) { append(UInt64(value.bitPattern)) }
    mutating func append(_ value: Double) { append(value.bitPattern) }

    private mutating func append(_ value: UInt64) {
        values[count] = value
        count += 1
    }

    func i32(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: values[index]) }
    func i64(_ index: Int) -> Int64 { Int64(bitPattern: values[index]) }
    func f32(_ index: Int) -> Float { Float(slot: values[index]) }
    func f64(_ index: Int) -> Double { Double(slot: values[index]) }
}

/// Lifts one value after the other, from memory or from parameters.
struct Reader {
    private let slots: Slots?
    /// The next address, or the next slot.
    private var position: Int

    init(address: Int) { (slots, position) = (nil, address) }
    init(_ slots: Slots) { (self.slots, position) = (slots, 0) }

    mutating func next<Value: Canonical>(_: Value.Type = Value.self) -> Value {
        let layout = Value.layout
        if slots == nil { position = position.roundedUp(to: layout.alignment) }
        let end = position + (slots == nil ? layout.stride : layout.slots)
        let value = Value(from: &self)
        position = end
        return value
    }

    /// Which case of a variant it is; its payload is next.
    mutating func tag<Variant: Canonical>(of _: Variant.Type) -> UInt8 {
        let payload = position + (slots == nil ? Variant.layout.alignment : 1)
        let tag: UInt8 = number()
        position = payload
        return tag
    }

    /// The number at this very place.
    func number<Value: Number>() -> Value {
        if let slots { Value(slot: slots[position]) } else { Memory.load(at: position) }
    }
}

/// Lowers one value after the other, into memory or into parameters.
struct Writer {
    private(set) var slots: Slots?
    /// The next address, or the next slot.
    private var position: Int

    init(address: Int) { (slots, position) = (nil, address) }
    init() { (slots, position) = (Slots(), 0) }

    mutating func put<Value: Canonical>(_ value: Value) {
        let layout = Value.layout
        if slots == nil { position = position.roundedUp(to: layout.alignment) }
        let end = position + (slots == nil ? layout.stride : layout.slots)
        value.write(to: &self)
        position = end
    }

    mutating func put<Variant: Canonical>(tag: UInt8, of _: Variant.Type) {
        let payload = position + (slots == nil ? Variant.layout.alignment : 1)
        number(tag)
        position = payload
    }

    mutating func number<Value: Number>(_ value: Value) {
        if slots == nil { Memory.store(value, at: position) } else { slots?[position] = value.slot }
    }
}

/// One call of an imported function.
struct ImportCall {
    private let mark = Memory.mark
    private var writer = Writer()

    /// The parameters as the core function takes them.
    var slots: Slots { writer.slots ?? Slots() }

    mutating func pass<Value: Canonical>(_ value: Value) { writer.put(value) }

    /// Where the callee writes a result that does not fit a core value.
    func room<Value: Canonical>(for _: Value.Type) -> Int32 {
        Int32(truncatingIfNeeded: Memory.allocate(Value.layout.stride))
    }

    /// Lifts the result from there, and ends the call.
    func result<Value: Canonical>(at address: Int32, as _: Value.Type) -> Value {
        var reader = Reader(address: Int(truncatingIfNeeded: UInt32(bitPattern: address)))
        let value: Value = reader.next()
        end()
        return value
    }

    /// Frees what was passed.
    func end() { Memory.release(since: mark) }
}

/// Lifts a result that fits one core value.
func lift<Value: Canonical>(_ slots: Slots) -> Value {
    var reader = Reader(slots)
    return reader.next()
}

/// Lowers a result that fits one core value.
func lower<Value: Canonical>(_ value: Value) -> Slots {
    var writer = Writer()
    writer.put(value)
    return writer.slots ?? Slots()
}

/// Lowers an exported function's result to memory, where it stays until ``releaseResult()``.
func answer<Value: Canonical>(_ value: Value) -> Int32 {
    let address = Memory.allocate(Value.layout.stride)
    var writer = Writer(address: address)
    writer.put(value)
    return Int32(truncatingIfNeeded: address)
}

/// The caller has read the result.
func releaseResult() { Memory.release(since: 0) }
