public import Primitives

/// Why the engine refused, or how a call into a component ended badly.
public enum EngineError: Error, Equatable {
    /// The engine, a store or a linker could not be made.
    case unavailable
    /// The bytes do not begin as a component's binary form does.
    case notBinary
    /// The binary is no component that this engine accepts.
    case refused(EngineWords)
    /// The binary compiled and could not be instantiated: an import is missing or differs, or a bound was met.
    case notInstantiated(EngineWords)
    /// A folder is missing, or its path or name holds a NUL byte.
    case folderUnavailable(String)
    /// The component has more imports than ``CompiledComponent/maximumImportCount``.
    case tooManyImports(found: Int)
    /// No exported instance of that name has that function.
    case exportMissing(instance: String, function: String)
    /// The function is not `func() -> result`.
    case exportDiffers(instance: String, function: String)
    /// The component trapped, or a bound of its store did.
    case trapped(EngineWords)
    /// The component asked to end the process; what it asked for is not granted.
    case exited(status: Int32)
}

extension EngineError {
    /// The engine's own explanation, where there is one.
    ///
    /// It can hold what a component's author wrote. ``message`` never does.
    public var words: EngineWords? {
        switch self {
        case .refused(let words), .notInstantiated(let words), .trapped(let words): words
        case .unavailable, .notBinary, .folderUnavailable, .tooManyImports: nil
        case .exportMissing, .exportDiffers, .exited: nil
        }
    }
}

extension EngineError: ExplainedError {
    public var code: String {
        switch self {
        case .unavailable: "engine.unavailable"
        case .notBinary: "engine.component.form"
        case .refused: "engine.component.refused"
        case .notInstantiated: "engine.component.instantiation"
        case .folderUnavailable: "engine.folder"
        case .tooManyImports: "engine.component.imports"
        case .exportMissing: "engine.export.missing"
        case .exportDiffers: "engine.export.type"
        case .trapped: "engine.trap"
        case .exited: "engine.exit"
        }
    }

    public var message: String {
        switch self {
        case .unavailable: "the engine could not be made"
        case .notBinary: "expected a component in its binary form"
        case .refused: "the engine refused the component"
        case .notInstantiated: "the component could not be instantiated"
        case .folderUnavailable(let folder): "the folder \(folder) could not be opened"
        case .tooManyImports(let found):
            "expected at most \(CompiledComponent.maximumImportCount) imports, found \(found)"
        case .exportMissing(let instance, let function): "\(instance) exports no function \(function)"
        case .exportDiffers(let instance, let function):
            "expected the function \(function) of \(instance) to take nothing and to return a bare result"
        case .trapped: "the component trapped"
        case .exited(let status): "the component asked to exit with status \(status)"
        }
    }
}
