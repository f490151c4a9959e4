package import Commitments
internal import Composition
package import Execution
package import Primitives

/// A component of a draft, read as a session reads it.
package struct DraftComponent {
    package let name: Name
    package let provider: Name
    package let file: String
    private let content: Content
    private let description: ComponentDescription

    private enum Content {
        case file([UInt8])
        case runtime(HeldRuntime)

        var byteCount: Int {
            switch self {
            case .file(let bytes): bytes.count
            case .runtime(let held): held.componentByteCount
            }
        }
    }

    /// The largest component that is read; the format's own bound.
    private static let maximumByteCount = 1 << 28

    package init(_ name: Name, of provider: Name, in file: String) throws(CommandFailure) {
        self.name = name
        self.provider = provider
        self.file = file
        let bytes = try readFile(file, maximumByteCount: Self.maximumByteCount)
        content = .file(bytes)
        do {
            description = try ComponentDescription(of: bytes)
        } catch {
            throw CommandFailure(DraftError.notAComponent(name, error), in: file)
        }
    }

    /// A runtime that is installed here.
    package init(_ name: Name, of provider: Name, installed runtime: InstalledRuntime) {
        self.name = name
        self.provider = provider
        file = runtime.path
        content = .runtime(runtime.held)
        description = ComponentDescription(of: runtime.held)
    }

    /// Holds it against its entry, as a session does.
    func admit(as entry: Component, under manifest: Manifest) throws(CommandFailure) {
        do {
            switch content {
            case .file(let bytes): _ = try Composition.admit(bytes, as: entry, under: manifest)
            case .runtime(let held): _ = try Composition.admit(held, as: entry, under: manifest)
            }
        } catch {
            throw CommandFailure(error, in: file)
        }
    }

    /// Every import's name without its version.
    package var importNames: [String] { Set(description.binary.imports.map(\.name.base)).sorted() }

    /// Imports that another component must meet, each with the interface that meets it, where the file says so. Types
    /// alone need nobody.
    package var linkImports: [UnmetImport] {
        let hosts = Set(description.listedImports)
        var seen: Set<String> = []
        return description.binary.imports.compactMap { entry in
            guard !entry.needsNobody, !hosts.contains(entry.name.base), seen.insert(entry.name.base).inserted else {
                return nil
            }
            let interface = entry.implemented?.base ?? (entry.name.isInterface ? entry.name.base : nil)
            return UnmetImport(name: entry.name.base, interface: interface)
        }
    }

    package func requireExport(_ export: String) throws(CommandFailure) {
        let exports = description.binary.exports.filter { $0.kind == .instance }.map(\.name.base)
        guard exports.contains(export) else {
            throw CommandFailure(DraftError.noExport(name, export, found: exports))
        }
    }

    package func importsRandomness(_ grants: DraftGrants, _ links: [DraftLink]) -> Bool {
        imports(grants, links).contains { $0.hasPrefix("wasi:random/") }
    }

    /// What the file imports of the host, links aside; what a flag says instead, if one does.
    private func imports(_ grants: DraftGrants, _ links: [DraftLink]) -> [String] {
        if let given = grants.imports[name.description] { return given }
        let linked = links.filter { $0.importer == name }.map(\.importName)
        return description.listedImports.filter { !linked.contains($0) }
    }

    /// The component's entry.
    package func json(_ grants: DraftGrants, links: [DraftLink]) -> JSONValue {
        let key = name.description
        let proposed = max(grants.leastMemoryMiB, description.proposedMemoryMiB)
        var members = [
            JSONMember("name", .string(key)), JSONMember("provider", .string(provider.description)),
            JSONMember("digest", .string(description.digest.prefixed)),
            JSONMember("maximumBytes", .integer(content.byteCount)),
            JSONMember("imports", .array(imports(grants, links).map { .string($0) })),
            JSONMember("memoryMiB", .integer(grants.memory[key] ?? proposed)),
        ]
        if let texts = grants.arguments[key] {
            members.append(JSONMember("arguments", .array(texts.map { .string($0) })))
        }
        if let size = grants.temporary[key] { members.append(JSONMember("temporaryMiB", .integer(size))) }
        if !description.features.isEmpty {
            members.append(JSONMember("features", .array(description.features.map { .string($0.rawValue) })))
        }
        if let clock = grants.clock[key] { members.append(JSONMember("clock", .string(clock))) }
        if let kind = grants.randomness[key] { members.append(JSONMember("randomness", .string(kind))) }
        return .object(members)
    }
}

extension Draft {
    /// A runtime that is installed here, as the only component.
    package func bringing(
        _ runtime: InstalledRuntime, as name: Name, of provider: String
    ) throws(CommandFailure) -> Draft {
        var draft = self
        let provider = try known(provider, as: "participant")
        draft.components = [DraftComponent(name, of: provider, installed: runtime)]
        draft.names["component"] = [name]
        return draft
    }
}

/// One component's call to another.
package struct DraftLink {
    package let importName: String
    package let importer: Name
    package let exporter: Name
    package let export: String

    package var json: JSONValue {
        [
            "link": .string(importName), "importer": .string(importer.description),
            "exporter": .string(exporter.description), "export": .string(export),
        ]
    }
}

/// What flags say of components, data and outputs, by name.
package struct DraftGrants {
    package var imports: [String: [String]] = [:]
    package var memory: [String: Int] = [:]
    /// Of each component that says nothing of it.
    package var leastMemoryMiB = 0
    package var temporary: [String: Int] = [:]
    package var arguments: [String: [String]] = [:]
    package var clock: [String: String] = [:]
    package var randomness: [String: String] = [:]
    package var maximumBytes: [String: Int] = [:]
    package var formats: [String: JSONValue] = [:]
    package var perRun: Set<String> = []
    package var approvals: [String: JSONValue] = [:]

    /// Grants nothing.
    package init() {}

    /// - Parameter text: `any`, or a file.
    package static func format(_ text: String) throws(CommandFailure) -> JSONValue {
        text == "any" ? "any" : try FormatFile(text).value
    }

    /// - Parameter text: `PARTICIPANT,PARTICIPANT:SECONDS`.
    package static func approval(_ text: String) throws(CommandFailure) -> JSONValue {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw malformed(text, "PARTICIPANT,PARTICIPANT:SECONDS") }
        return [
            "by": .array(parts[0].split(separator: ",").map { .string(String($0)) }),
            "seconds": .integer(try countText(String(parts[1]))),
        ]
    }

    /// The names of components that each option has. A value for a name that nothing has would be ignored.
    package var named: [(option: String, names: [String])] {
        [
            ("--imports", Array(imports.keys)), ("--memory", Array(memory.keys)), ("--clock", Array(clock.keys)),
            ("--randomness", Array(randomness.keys)), ("--argument", Array(arguments.keys)),
            ("--temporary", Array(temporary.keys)),
        ]
    }
}

/// An import that another component must meet.
package struct UnmetImport: Equatable {
    package let name: String
    package let interface: String?
}
