public import Commitments
public import Primitives

/// What the engine refused, by the manifest's names.
public enum EngineRefusal: Error, Equatable, Sendable {
    /// The component is not valid, or its functions use what the engine keeps out.
    case component(Name, RefusedInstructions?)
    /// The two ends of a link differ in their types.
    case link(Link, channel: Int)
    /// An interface of the host or a shim is not what the component expects.
    case imports(Name)
    case shim(Name)
    case entry
}

extension EngineRefusal: ExplainedError {
    public var code: String {
        switch self {
        case .component: "engine.component"
        case .link: "engine.link"
        case .imports: "engine.imports"
        case .shim: "engine.shim"
        case .entry: "engine.entry"
        }
    }

    public var message: String {
        switch self {
        case .component(let name, nil): "the engine finds \(name) invalid"
        case .component(let name, let instructions?): "\(name) uses \(instructions.words), which are kept out"
        case .link(let link, let channel):
            "\(link.importName), imported by \(link.importer) from \(link.exporter) (channels[\(channel)]),"
                + " has other types than \(link.export) there"
        case .imports(let name):
            "\(name) imports an interface of the host with functions or types that it does not have"
        case .shim(let name): "the shim of \(name) does not fit the engine"
        case .entry: "the composed binary does not fit the engine"
        }
    }

    public var hint: String? {
        switch self {
        case .component(_, .exceptions):
            "compile it without them, or write \"features\": [\"exceptions\"] in its entry for all to sign"
        case .component(_, .some): "compile it for WebAssembly 2.0 without them"
        case .component(_, nil): "`wasm-tools validate` says where, and the worker's features are WebAssembly 2.0's"
        case .link: "build both from the same WIT"
        case .imports: "the host world is WASI 0.2 without HTTP"
        case .shim, .entry: nil
        }
    }
}

/// Instructions that the engine keeps out. The reader does not see them, since it passes over functions' bodies.
public enum RefusedInstructions: String, CaseIterable, Sendable {
    case tailCalls = "tail calls"
    case wideArithmetic = "wide arithmetic"
    case relaxedSIMD = "relaxed SIMD"
    case threads
    case exceptions
    case legacyExceptions = "legacy exceptions"
    case garbageCollection = "gc"
    case functionReferences = "function references"
    case stackSwitching = "stack switching"
    case memoryControl = "memory control"

    /// What the engine says of them, in the words that it ends with.
    init?(in message: String) {
        guard
            let found = Self.allCases.first(where: { message.contains(": \($0.rawValue) support is not enabled") })
        else { return nil }
        self = found
    }

    /// In words, to follow "uses".
    var words: String {
        switch self {
        case .threads: "atomic instructions"
        case .garbageCollection: "instructions of garbage collection"
        case .relaxedSIMD: "instructions of relaxed SIMD"
        case .wideArithmetic: "instructions of wide arithmetic"
        case .memoryControl: "instructions of memory control"
        case .tailCalls, .exceptions, .legacyExceptions, .functionReferences: rawValue
        case .stackSwitching: "instructions of stack switching"
        }
    }
}
