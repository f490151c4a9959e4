public import Commitments
public import Primitives

/// Why admitted components do not make one binary.
public enum CompositionError: Error, Equatable, Sendable {
    /// A component of the manifest that was not given.
    case missing(Name)
    /// One that was given twice, or admitted under another manifest.
    case unexpected(Name)
    /// An import that neither a link nor a shim nor the host world serves in this version.
    case unserved(Name, ExternName)
    case exportMissing(Name, InterfaceName)
    case cycle(Name)
    case tooManyInstances(found: Int, maximum: Int)
    /// A file of the program itself is not what it should be.
    case resource(String)
}

extension CompositionError: ExplainedError {
    public var code: String {
        switch self {
        case .missing: "composition.missing"
        case .unexpected: "composition.unexpected"
        case .unserved: "composition.import"
        case .exportMissing: "composition.export"
        case .cycle: "composition.cycle"
        case .tooManyInstances: "composition.instances"
        case .resource: "composition.resource"
        }
    }

    public var message: String {
        switch self {
        case .missing(let name): "the component \(name) is missing"
        case .unexpected(let name): "\(name) was given twice, or admitted under another manifest"
        case .unserved(let name, let entry): "nothing serves \(entry), which \(name) imports"
        case .exportMissing(let name, let export): "\(name) does not export \(export)"
        case .cycle(let name): "the links around \(name) form a cycle"
        case .tooManyInstances(let found, let maximum):
            "expected at most \(maximum) instances in one composition, found \(found)"
        case .resource(let file): "\(file) is damaged"
        }
    }

    public var hint: String? {
        switch self {
        case .unserved: "the host world is WASI 0.2 without HTTP, and twocvm:guest; other interfaces need a link"
        case .tooManyInstances: "use fewer components, or components with fewer imports"
        case .resource: "install the program again"
        case .missing, .unexpected, .exportMissing, .cycle: nil
        }
    }
}
