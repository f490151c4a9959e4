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
    /// No version that the exporter has is compatible with the one that the importer was built for.
    case versionsDiffer(importer: Name, ExternName, exporter: Name, found: [ExternName])
    /// The exporter has several versions, and the importer states none.
    case versionUnstated(importer: Name, exporter: Name, found: [ExternName])
    /// Imports of types alone that come to more bytes than are written for one component.
    case typesTooLarge(Name, maximum: Int)
    case cycle(Name)
    case tooManyInstances(found: Int, maximum: Int)
    /// Core modules and components, shims counted.
    case tooManyModules(found: Int, maximum: Int)
    /// A second runtime: machine code is loaded for one.
    case runtimesDiffer(Name)
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
        case .versionsDiffer, .versionUnstated: "composition.version"
        case .typesTooLarge: "composition.types"
        case .cycle: "composition.cycle"
        case .tooManyInstances: "composition.instances"
        case .tooManyModules: "composition.modules"
        case .runtimesDiffer: "composition.runtimes"
        case .resource: "composition.resource"
        }
    }

    public var message: String {
        switch self {
        case .missing(let name): "the component \(name) is missing"
        case .unexpected(let name): "\(name) was given twice, or admitted under another manifest"
        case .unserved(let name, let entry): "nothing serves \(entry), which \(name) imports"
        case .exportMissing(let name, let export): "\(name) does not export \(export)"
        case .versionsDiffer(let importer, let wanted, let exporter, let found):
            "\(importer) imports \(wanted), and \(exporter) exports \(listed(found)), which is not compatible"
        case .versionUnstated(let importer, let exporter, let found):
            "\(exporter) exports \(listed(found)), and the import of \(importer) states no version"
        case .typesTooLarge(let name, let maximum):
            "\(name) imports types that nobody provides and that come to more than \(maximum) bytes"
        case .cycle(let name): "the links around \(name) form a cycle"
        case .tooManyInstances(let found, let maximum):
            "expected at most \(maximum) instances in one composition, found \(found)"
        case .tooManyModules(let found, let maximum):
            "expected at most \(maximum) modules and components in one composition, shims counted, found \(found)"
        case .runtimesDiffer(let name): "\(name) is another runtime than a component before it"
        case .resource(let file): "\(file) is damaged"
        }
    }

    public var hint: String? {
        switch self {
        case .unserved: "the host world is WASI 0.2 without HTTP, and twocvm:guest; other interfaces need a link"
        case .versionsDiffer:
            "build both against one version, or against versions that semantic versioning calls compatible"
        case .versionUnstated: "build the importer against the version that it means"
        case .typesTooLarge: "link the import to a component that exports these types"
        case .tooManyInstances, .tooManyModules: "use fewer components, or components with fewer imports"
        case .runtimesDiffer: "use one release of the runtime for all components of a run"
        case .resource: "install the program again"
        case .missing, .unexpected, .exportMissing, .cycle: nil
        }
    }

    private func listed(_ names: [ExternName]) -> String {
        let rest = names.count - 4
        return names.prefix(4).map(\.description).joined(separator: " and ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
