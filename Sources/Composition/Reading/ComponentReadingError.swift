public import Primitives

/// Why bytes are not a component that this project takes. Offsets count bytes from the start.
public enum ComponentReadingError: Error, Equatable, Sendable {
    case tooLarge(found: Int, maximum: Int)
    case notWebAssembly
    /// A core module stands where a component should, at the start.
    case coreModule
    case unknownVersion(offset: Int)
    /// The part that is being read ends inside a value.
    case truncated(offset: Int)
    /// A section or body is longer than what it holds.
    case trailingBytes(offset: Int)
    case malformedInteger(offset: Int)
    case malformedName(offset: Int)
    case nameTooLong(offset: Int, maximum: Int)
    case duplicateName(offset: Int)
    case unknownByte(Construct, offset: Int, found: UInt8)
    case unknownExport(offset: Int)
    case sectionOutOfOrder(offset: Int)
    case invalidLimits(offset: Int)
    case indexOutOfRange(Construct, offset: Int)
    /// Another kind of thing than the place demands, such as a record where an instance type belongs.
    case kindDiffers(expected: Construct, offset: Int)
    case tooMany(Construct, offset: Int, found: Int, maximum: Int)
    case tooDeep(offset: Int, maximum: Int)
    case refused(RefusedFeature, offset: Int)
    /// Counted over the whole tree of instantiations. `found` stops at the largest integer.
    case tooManyInstances(found: Int, maximum: Int)

    /// A thing of the format, in words.
    public enum Construct: String, Equatable, Sendable {
        case section, item, type, imported = "import", export, function, table, memory, global
        case module, component, instance, alias, argument, name, attribute, option, element, data
        case parameter, result, field, declaration, scope, sort, mutability, tag
        case valueType = "value type"
        case referenceType = "reference type"
        case limitsFlag = "limits flag"
        case constantInstruction = "constant instruction"
        case canonicalFunction = "canonical function"
        case externType = "extern type"
        case coreInstance = "core instance"
        case instanceType = "instance type"
        case moduleOrComponent = "module or component"
    }
}

extension ComponentReadingError: ExplainedError {
    public var code: String {
        switch self {
        case .tooLarge: "component.size"
        case .notWebAssembly: "component.magic"
        case .coreModule: "component.module"
        case .unknownVersion: "component.version"
        case .truncated: "component.truncated"
        case .trailingBytes: "component.trailing"
        case .malformedInteger: "component.integer"
        case .malformedName, .nameTooLong: "component.name"
        case .duplicateName: "component.name.duplicate"
        case .unknownByte: "component.unknown"
        case .unknownExport: "component.export.unknown"
        case .sectionOutOfOrder: "component.order"
        case .invalidLimits: "component.limits"
        case .indexOutOfRange: "component.index"
        case .kindDiffers: "component.kind"
        case .tooMany: "component.count"
        case .tooDeep: "component.depth"
        case .refused(let feature, _): "component.feature.\(feature.rawValue)"
        case .tooManyInstances: "component.instances"
        }
    }

    public var message: String {
        switch self {
        case .tooLarge(let found, let maximum): "expected at most \(maximum) bytes of component, found \(found)"
        case .notWebAssembly: "expected a WebAssembly component, found other bytes"
        case .coreModule: "expected a component, found a core module"
        case .unknownVersion(let offset): "an unknown version of the binary format \(place(offset))"
        case .truncated(let offset): "the bytes end inside a value \(place(offset))"
        case .trailingBytes(let offset): "a section is longer than its content \(place(offset))"
        case .malformedInteger(let offset): "an integer is not encoded as LEB128 demands \(place(offset))"
        case .malformedName(let offset): "a name has characters that names do not have \(place(offset))"
        case .nameTooLong(let offset, let maximum): "a name has more than \(maximum) bytes \(place(offset))"
        case .duplicateName(let offset): "a name occurs twice \(place(offset))"
        case .unknownByte(let construct, let offset, let found):
            "no \(construct.rawValue) has the code 0x\([found].hex) \(place(offset))"
        case .unknownExport(let offset): "an alias of an export that is not there \(place(offset))"
        case .sectionOutOfOrder(let offset): "a section of a module is out of order or repeated \(place(offset))"
        case .invalidLimits(let offset): "the limits of a memory or table contradict themselves \(place(offset))"
        case .indexOutOfRange(let construct, let offset):
            "the index of a \(construct.rawValue) that is not there \(place(offset))"
        case .kindDiffers(let expected, let offset): "expected a \(expected.rawValue) \(place(offset))"
        case .tooMany(let construct, let offset, let found, let maximum):
            "expected at most \(maximum) of one kind (\(construct.rawValue)), found \(found) \(place(offset))"
        case .tooDeep(let offset, let maximum): "more than \(maximum) levels of nesting \(place(offset))"
        case .refused(let feature, let offset): "it uses \(feature.words), which is kept out, \(place(offset))"
        case .tooManyInstances(let found, let maximum):
            "expected at most \(maximum) instances in all, found "
                + (found == .max ? "more than can be counted" : String(found))
        }
    }

    public var hint: String? {
        switch self {
        case .coreModule: "make it a component with `wasm-tools component new`"
        case .notWebAssembly: "text is not taken: translate it with `wasm-tools parse`"
        case .unknownVersion: "it was built by tools older or newer than wasm-tools 1.262.0"
        case .refused: "build it for WebAssembly 2.0 without that feature"
        default: nil
        }
    }

    private func place(_ offset: Int) -> String { "at byte \(offset)" }
}
