internal import Commitments
internal import Primitives

/// Lines of a manifest, ready to paste.
public struct ManifestLines: Equatable, Sendable {
    /// The imports that they would grant.
    public let names: [String]
    public let text: String

    /// Lines that would grant `missing` to `component` besides what it has.
    init(granting missing: [String], to component: Component, in binary: ComponentBinary) {
        names = missing
        let interfaces = missing.filter(HostInterface.isHosts)
        var lines: [String] = []
        if !interfaces.isEmpty {
            let all = (component.imports.map(\.description) + interfaces).sorted()
            lines.append(
                "in component \(component.name) write \(Self.member("imports", .array(all.map(JSONValue.string))))")
        }
        if component.randomness == nil, interfaces.contains(where: { $0.hasPrefix("wasi:random/") }) {
            lines.append(
                "and \(Self.member("randomness", "real")) or \(Self.member("randomness", "repeatable"))"
                    + " (every participant knows repeatable bytes)")
        }
        let links = binary.imports.filter {
            $0.kind == .instance && !$0.needsNobody && !HostInterface.isHosts($0.name.base)
        }
        for entry in links where missing.contains(entry.name.base) {
            lines.append("in channels write \(Self.link(entry, importer: component.name.description))")
        }
        text = lines.joined(separator: "\n")
    }

    /// One channel. What only the manifest's author knows stands in angle brackets.
    static func link(_ entry: ComponentBinary.Import, importer: String) -> String {
        let export = entry.implemented?.base ?? (entry.name.isInterface ? entry.name.base : "<interface>")
        let members = [
            member("link", .string(entry.name.base)), member("importer", .string(importer)),
            member("exporter", "<component>"), member("export", .string(export)),
        ]
        return "{" + members.joined(separator: ", ") + "}"
    }

    static func member(_ name: String, _ value: JSONValue) -> String {
        "\(Self.line(.string(name))): \(Self.line(value))"
    }

    private static func line(_ value: JSONValue) -> String {
        if case .array(let elements) = value {
            return "[" + elements.map(line).joined(separator: ", ") + "]"
        }
        return String(decoding: value.canonicalBytes, as: UTF8.self)
    }
}
