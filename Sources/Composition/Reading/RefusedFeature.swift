/// What the format knows and this project keeps out, in the engine as in the reader.
///
/// Allowed are WebAssembly 2.0 (SIMD, bulk memory, multiple values, reference types, sign
/// extension), constant expressions that add and multiply, and the component model with
/// `implements`. The engine offers no switch for those constant expressions, and dynamically linked
/// toolchains use them.
public enum RefusedFeature: String, CaseIterable, Sendable {
    case sharedMemory
    case memory64
    case customPageSizes
    case multipleMemories
    case garbageCollection
    case functionReferences
    case exceptions
    case stackSwitching
    case compactImports
    case async
    case threads
    case errorContext
    case fixedLengthLists
    case maps
    case componentStart
    case componentValues
    case firstClassModules
    case nameAttributes
    case canonicalGarbageCollection

    /// In words, to follow "uses".
    var words: String {
        switch self {
        case .sharedMemory: "a shared memory or table"
        case .memory64: "a 64-bit memory, table or resource"
        case .customPageSizes: "custom page sizes"
        case .multipleMemories: "more than one memory in a module"
        case .garbageCollection: "garbage-collected types"
        case .functionReferences: "typed function references"
        case .exceptions: "exceptions"
        case .stackSwitching: "stack switching"
        case .compactImports: "compact imports"
        case .async: "asynchronous functions, streams or futures"
        case .threads: "threads"
        case .errorContext: "error contexts"
        case .fixedLengthLists: "lists of fixed length"
        case .maps: "maps"
        case .componentStart: "a component start function"
        case .componentValues: "component values"
        case .firstClassModules: "modules or components as imports, exports, arguments or types"
        case .nameAttributes: "name attributes other than implements"
        case .canonicalGarbageCollection: "the canonical interface of garbage-collected values"
        }
    }
}
