public import Commitments
public import Primitives

/// Why a component is not admitted. Each case names the component.
public enum AdmissionError: Error, Equatable, Sendable {
    case notInManifest(Name)
    case tooLarge(Name, found: Int, maximum: Int)
    case digestDiffers(Name, expected: SHA256Digest, found: SHA256Digest)
    case unreadable(Name, ComponentReadingError)
    /// A function or type of the outermost world, where only interfaces can be granted.
    case importNotInstance(Name, ExternName, ComponentBinary.Kind)
    case http(Name, ExternName)
    /// With the lines that would grant what is missing.
    case importsUnlisted(Name, ManifestLines)
    case importsUnused(Name, [String])
    case linkNotImported(Name, String)
    /// Two versions of one interface where a link or the run must name one.
    case ambiguous(Name, String)
    /// `link` is the name on the importer's side, or `nil` where the run needs the export.
    case exportMissing(Name, InterfaceName, link: String?, found: [String])
    /// A link whose types reach a resource of the host or a shim.
    case linkReachesHost(Name, String)
    case memoryTooSmall(Name, neededBytes: Int, grantedMiB: Int)
    /// Data at a path that belongs to the files of the runtime.
    case mountAmongLibraries(Name, GuestPath)

    /// The component that was not admitted.
    public var component: Name {
        switch self {
        case .notInManifest(let name), .tooLarge(let name, _, _), .digestDiffers(let name, _, _),
            .unreadable(let name, _), .importNotInstance(let name, _, _), .http(let name, _),
            .importsUnlisted(let name, _), .importsUnused(let name, _), .linkNotImported(let name, _),
            .ambiguous(let name, _), .exportMissing(let name, _, _, _), .linkReachesHost(let name, _),
            .memoryTooSmall(let name, _, _), .mountAmongLibraries(let name, _):
            name
        }
    }
}

extension AdmissionError: ExplainedError {
    public var code: String {
        switch self {
        case .notInManifest: "admission.component.unknown"
        case .tooLarge: "content.size"
        case .digestDiffers: "content.digest"
        case .unreadable(_, let error): "admission." + error.code
        case .importNotInstance: "admission.import.kind"
        case .http: "admission.import.http"
        case .importsUnlisted: "admission.import.unlisted"
        case .importsUnused: "admission.import.unused"
        case .linkNotImported: "admission.link.import"
        case .ambiguous: "admission.ambiguous"
        case .exportMissing: "admission.export"
        case .linkReachesHost: "admission.link.resource"
        case .memoryTooSmall: "admission.memory"
        case .mountAmongLibraries: "admission.path"
        }
    }

    public var message: String {
        switch self {
        case .notInManifest(let name): "\(name) is not a component of this manifest"
        case .tooLarge(let name, let found, let maximum):
            "\(name): expected at most \(maximum) bytes, found \(found)"
        case .digestDiffers(let name, let expected, let found):
            "this is not the \(name) that the manifest pins: expected \(expected.prefixed), found \(found.prefixed)"
        case .unreadable(let name, let error): "\(name): \(error.message)"
        case .importNotInstance(let name, let entry, let kind):
            "\(name) imports the \(kind.rawValue) \(entry) outside any interface"
        case .http(let name, let entry): "\(name) imports \(entry), and HTTP is never granted"
        case .importsUnlisted(let name, let lines):
            "\(name) imports \(listed(lines.names)), which the manifest does not grant it"
        case .importsUnused(let name, let names):
            "the manifest grants \(name) \(listed(names)), which it does not import"
        case .linkNotImported(let name, let entry):
            "the manifest links \(name)'s import \(entry), which it does not have"
        case .ambiguous(let name, let entry): "\(name) has \(entry) in more than one version, so the name is ambiguous"
        case .exportMissing(let name, let export, let link?, _):
            "\(name) does not export \(export), which the link \(link) needs"
        case .exportMissing(let name, let export, nil, _): "\(name) does not export \(export), which the run calls"
        case .linkReachesHost(let name, let entry): "the link type \(entry) of \(name) reaches a resource of the host"
        case .memoryTooSmall(let name, let needed, let granted):
            "\(name) cannot start with \(granted) MiB, it needs \(mebibytes(needed))"
        case .mountAmongLibraries(let name, let path):
            "\(path) lies among the files that come with the runtime \(name)"
        }
    }

    public var hint: String? {
        switch self {
        case .unreadable(_, .refused(.exceptions, _)):
            "build it without exceptions, or write \"features\": [\"exceptions\"] in its entry for all to sign"
        case .unreadable(_, let error): error.hint
        case .importNotInstance(_, _, .type):
            "a resource needs an owner: move it into an interface that another component exports"
        case .digestDiffers: "bring the file that was agreed on, or put this digest into a new manifest for all to sign"
        case .importNotInstance: "move it into an interface of the component's WIT"
        case .http: "bring the data as a mount"
        case .importsUnlisted(_, let lines): lines.text
        case .importsUnused: "remove what is not used from \"imports\""
        case .linkNotImported: "name the import as `2cvm component inspect` prints it, or remove the link"
        case .exportMissing(_, _, _, let found):
            found.isEmpty ? "it exports no interface" : "it exports \(listed(found))"
        case .linkReachesHost: "pass content and not handles: no descriptor or stream crosses between participants"
        case .memoryTooSmall(_, let needed, _) where needed <= 4 << 30:
            "\"memoryMiB\": \((needed + (1 << 20) - 1) >> 20)"
        case .mountAmongLibraries: "mount the data below /data"
        case .notInManifest, .tooLarge, .ambiguous, .memoryTooSmall: nil
        }
    }

    /// The first of many names: a message is one clause.
    private func listed(_ names: [String]) -> String {
        let rest = names.count - 12
        return names.prefix(12).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private func mebibytes(_ bytes: Int) -> String {
        bytes == .max ? "more than can be counted" : "\(bytes / (1 << 20) + (bytes % (1 << 20) > 0 ? 1 : 0)) MiB"
    }
}
