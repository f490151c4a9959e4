// WIT values as the component model's canonical ABI lays them out, in memory or in a call's parameters.
// https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md

/// A value that can cross a component's boundary.
protocol Canonical: Sendable {
    static var layout: Layout { get }

    /// Lifts the value: it belongs to this component from here on.
    init(from reader: inout Reader)

    /// Lowers the value.
    func write(to writer: inout Writer)

    /// Lists: numbers lie in memory as they are, so they are copied in one go.
    static func liftList(count: Int, at address: Int) -> [Self]
    static func lowerList(_ list: [Self], at address: Int)
}

extension Canonical {
    static func liftList(count: Int, at address: Int) -> [Self] {
        var reader = Reader(address: address)
        return (0..<count).map { _ in reader.next() }
    }

    static func lowerList(_ list: [Self], at address: Int) {
        var writer = Writer(address: address)
        for element in list { writer.put(element) }
    }
}

/// The room that a value takes: bytes in memory, or parameters of a call.
struct Layout {
    /// In bytes, not rounded up to the alignment.
    private(set) var size = 0
    private(set) var alignment = 1
    private(set) var slots = 0

    /// From one element of a list to the next.
    var stride: Int { size.roundedUp(to: alignment) }

    static func number(size: Int) -> Layout { Layout(size: size, alignment: size, slots: 1) }

    /// A record's layout, with one more field.
    func followed(by field: Layout) -> Layout {
        Layout(
            size: size.roundedUp(to: field.alignment) + field.stride,
            alignment: max(alignment, field.alignment),
            slots: slots + field.slots)
    }

    /// The union of the payloads of a variant, with one more case.
    func or(_ payload: Layout) -> Layout {
        Layout(
            size: max(size, payload.stride),
            alignment: max(alignment, payload.alignment),
            slots: max(slots, payload.slots))
    }

    /// A variant of at most 256 cases: a byte that says which, then the union of the payloads.
    var tagged: Layout { UInt8.layout.followed(by: self) }
}

extension Int {
    func roundedUp(to multiple: Int) -> Int { (self + multiple - 1) / multiple * multiple }
}

// MARK: Numbers

/// A value that WebAssembly knows: itself in memory, its bits in a parameter.
protocol Number: Canonical, BitwiseCopyable {
    init(slot: UInt64)
    var slot: UInt64 { get }
}

extension Number {
    static var layout: Layout { .number(size: MemoryLayout<Self>.size) }
    init(from reader: inout Reader) { self = reader.number() }
    func write(to writer: inout Writer) { writer.number(self) }
    static func liftList(count: Int, at address: Int) -> [Self] { Memory.load(count: count, at: address) }
    static func lowerList(_ list: [Self], at address: Int) { Memory.store(list, at: address) }
}

extension Number where Self: FixedWidthInteger {
    init(slot: UInt64) { self.init(truncatingIfNeeded: slot) }
    /// Below 64 bits a parameter has 32, filled with the sign.
    var slot: UInt64 {
        Self.bitWidth == 64 ? UInt64(truncatingIfNeeded: self) : UInt64(UInt32(truncatingIfNeeded: self))
    }
}

extension UInt8: Number {}
extension UInt16: Number {}
extension UInt32: Number {}
extension UInt64: Number {}
extension Int8: Number {}
extension Int16: Number {}
extension Int32: Number {}
extension Int64: Number {}

extension Float: Number {
    init(slot: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: slot)) }
    var slot: UInt64 { UInt64(bitPattern) }
}

extension Double: Number {
    init(slot: UInt64) { self.init(bitPattern: slot) }
    var slot: UInt64 { bitPattern }
}

extension Bool: Canonical {
    static var layout: Layout { UInt8.layout }
    init(from reader: inout Reader) { self = reader.next(UInt8.self) != 0 }
    func write(to writer: inout Writer) { writer.put(UInt8(self ? 1 : 0)) }
}

// MARK: Lists and strings

extension Array: Canonical where Element: Canonical {
    static var layout: Layout { UInt32.layout.followed(by: UInt32.layout) }

    init(from reader: inout Reader) {
        let address = Int(truncatingIfNeeded: reader.next(UInt32.self))
        let count = Int(truncatingIfNeeded: reader.next(UInt32.self))
        self = Element.liftList(count: count, at: address)
        Memory.free(address, byteCount: count * Element.layout.stride)
    }

    func write(to writer: inout Writer) {
        let address = Memory.allocate(count * Element.layout.stride)
        Element.lowerList(self, at: address)
        writer.put(UInt32(truncatingIfNeeded: address))
        writer.put(UInt32(truncatingIfNeeded: count))
    }
}

extension String: Canonical {
    static var layout: Layout { [UInt8].layout }
    init(from reader: inout Reader) { self.init(decoding: reader.next([UInt8].self), as: UTF8.self) }
    func write(to writer: inout Writer) { writer.put(Array(utf8)) }
}

// MARK: Options, results, and nothing

extension Optional: Canonical where Wrapped: Canonical {
    static var layout: Layout { Wrapped.layout.tagged }

    init(from reader: inout Reader) {
        self = reader.tag(of: Self.self) == 0 ? nil : reader.next(Wrapped.self)
    }

    func write(to writer: inout Writer) {
        writer.put(tag: self == nil ? 0 : 1, of: Self.self)
        if let self { writer.put(self) }
    }
}

extension Result: Canonical where Success: Canonical, Failure: Canonical {
    static var layout: Layout { Success.layout.or(Failure.layout).tagged }

    init(from reader: inout Reader) {
        self = reader.tag(of: Self.self) == 0 ? .success(reader.next()) : .failure(reader.next())
    }

    func write(to writer: inout Writer) {
        switch self {
        case .success(let value):
            writer.put(tag: 0, of: Self.self)
            writer.put(value)
        case .failure(let error):
            writer.put(tag: 1, of: Self.self)
            writer.put(error)
        }
    }
}

/// WIT's `_` where a result has no value.
struct Nothing: Canonical {
    static var layout: Layout { Layout() }
    init() {}
    init(from reader: inout Reader) {}
    func write(to writer: inout Writer) {}
}

/// WIT's `_` where a result has no error: it failed, and does not say why.
struct Failed: Error, Canonical {
    static var layout: Layout { Layout() }
    init() {}
    init(from reader: inout Reader) {}
    func write(to writer: inout Writer) {}
}

/// The error of a WIT `result<_, string>`: what is wrong, in one clause.
struct Failure: Error, Canonical {
    var message: String
    init(_ message: String) { self.message = message }
    static var layout: Layout { String.layout }
    init(from reader: inout Reader) { message = reader.next() }
    func write(to writer: inout Writer) { writer.put(message) }
}

// MARK: Enumerations and flags

extension Canonical where Self: RawRepresentable, RawValue: Number {
    static var layout: Layout { RawValue.layout }

    init(from reader: inout Reader) {
        guard let value = Self(rawValue: reader.next()) else { preconditionFailure("no such case") }
        self = value
    }

    func write(to writer: inout Writer) { writer.put(rawValue) }
}
