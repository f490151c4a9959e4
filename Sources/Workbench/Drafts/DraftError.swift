package import Commitments
package import Composition

/// What is wrong with an answer or a flag, before there is a whole manifest to decode.
package enum DraftError: Error, Equatable {
    case purpose(expected: String)
    case nameTaken(Name)
    /// A kind of entry, what was given, and what there is.
    case unknown(String, String, known: [Name])
    case notAComponent(Name, ComponentReadingError)
    case noExport(Name, String, found: [String])
    case noImport(Name, String, found: [String])
    case unlinked(Name, [UnmetImport])
    case unmounted(Name)
    case neverLeaves(Name)
}

extension DraftError: CommandFault {
    package var status: ExitStatus {
        if case .notAComponent = self { .unreadable } else { .refused }
    }

    package var code: String {
        switch self {
        case .purpose: "draft.purpose"
        case .nameTaken: "draft.name.taken"
        case .unknown: "draft.name.unknown"
        case .notAComponent(_, let error): error.code
        case .noExport: "draft.export"
        case .noImport: "draft.import"
        case .unlinked: "draft.import.unmet"
        case .unmounted: "draft.data.unused"
        case .neverLeaves: "draft.output.unused"
        }
    }

    package var message: String {
        switch self {
        case .purpose(let expected): "the purpose: expected \(expected)"
        case .nameTaken(let name): "\(name) is the name of something else already"
        case .unknown(let kind, let text, _): "no \(kind) is named \"\(text)\""
        case .notAComponent(let name, let error): "the file for \(name) is no component: \(error.message)"
        case .noExport(let name, let export, _): "\(name) does not export \(export)"
        case .noImport(let name, let entry, _): "\(name) does not import \(entry)"
        case .unlinked(let name, let entries):
            "\(name) imports \(entries.map(\.name).joined(separator: ", ")), which only another component can offer"
        case .unmounted(let name): "no component reads \(name)"
        case .neverLeaves(let name): "no component gives \(name)"
        }
    }

    package var hint: String? {
        switch self {
        case .purpose: "say in plain words what the others sign for"
        case .nameTaken: "choose another name"
        case .unknown(_, _, let known):
            known.isEmpty ? "there is none yet" : "there is " + known.map(\.description).joined(separator: ", ")
        case .notAComponent(_, .notWebAssembly):
            "--component takes the .wasm file that a build wrote; data goes with --data NAME:PROVIDER"
        case .notAComponent(_, let error): error.hint
        case .noExport(_, _, let found):
            found.isEmpty ? "it exports no interface" : "it exports " + found.joined(separator: ", ")
        case .noImport(_, _, let found):
            found.isEmpty ? "it imports nothing" : "it imports " + found.joined(separator: ", ")
        case .unlinked(let name, let entries):
            entries.map { "--link \(name):\($0.name)=COMPONENT:\($0.interface ?? "INTERFACE")" }
                .joined(separator: " ")
        case .unmounted(let name): "--mount \(name):COMPONENT=/data/\(name)"
        case .neverLeaves(let name): "--release \(name):COMPONENT=/output/\(name), or --log \(name):COMPONENT=stderr"
        }
    }
}
