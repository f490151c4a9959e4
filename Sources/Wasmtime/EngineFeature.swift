/// One part of WebAssembly that the engine can accept or refuse.
///
/// The list is complete for libwasmtime 50.0.1: each of its setters is called with the value below, so no default
/// of the library decides. Past sandbox escapes lay in what is off here.
public enum EngineFeature: String, CaseIterable, Sendable {
    case bulkMemory = "bulk-memory"
    case multiValue = "multi-value"
    case referenceTypes = "reference-types"
    case simd
    case multiMemory = "multi-memory"
    case componentModel = "component-model"
    case componentModelImplements = "component-model-implements"

    case branchHinting = "branch-hinting"
    case compactImports = "compact-imports"
    case componentModelAccessors = "component-model-accessors"
    case componentModelAsync = "component-model-async"
    case componentModelAsyncStackful = "component-model-async-stackful"
    case componentModelCanonicalNames = "component-model-canonical-names"
    case componentModelMap = "component-model-map"
    case componentModelMoreAsyncBuiltins = "component-model-more-async-builtins"
    case concurrency
    case customPageSizes = "custom-page-sizes"
    case exceptions
    case functionReferences = "function-references"
    case gc
    case gcSupport = "gc-support"
    case memory64
    case relaxedSIMD = "relaxed-simd"
    case relaxedSIMDDeterministic = "relaxed-simd-deterministic"
    case sharedMemory = "shared-memory"
    case stackSwitching = "stack-switching"
    case tailCall = "tail-call"
    case threads
    case wideArithmetic = "wide-arithmetic"

    /// Whether the engine accepts it.
    ///
    /// `multi-memory` is on for the engine's own sake: the code that it makes for a call between two components
    /// works on both their memories, and without the feature the library aborts. Sign extension, saturating
    /// conversion, mutable globals and extended constants have no setter and are always on.
    public var isAllowed: Bool {
        switch self {
        case .bulkMemory, .multiValue, .referenceTypes, .simd, .multiMemory: true
        case .componentModel, .componentModelImplements: true
        case .branchHinting, .compactImports, .customPageSizes, .exceptions, .functionReferences: false
        case .componentModelAccessors, .componentModelCanonicalNames, .componentModelMap: false
        case .componentModelAsync, .componentModelAsyncStackful, .componentModelMoreAsyncBuiltins: false
        case .concurrency, .gc, .gcSupport, .memory64, .relaxedSIMD, .relaxedSIMDDeterministic: false
        case .sharedMemory, .stackSwitching, .tailCall, .threads, .wideArithmetic: false
        }
    }
}
