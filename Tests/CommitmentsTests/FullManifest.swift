import Commitments
import Foundation
import Primitives
import TestSupport

/// A manifest that uses every key, and every other value that one of its values can have.
enum FullManifest {
    static let value: JSONValue = {
        let genoa = ManifestExample.value.at("platform.minimumTCB.Genoa") ?? .null
        let digest = JSONValue.string(String(repeating: "ab", count: 48))
        let changes: [(String, JSONValue)] = [
            ("components.0.imports.1", "wasi:random/random"), ("components.0.randomness", "real"),
            ("components.0.clock", "real"), ("components.0.temporaryMiB", 16),
            ("components.0.arguments", ["--site", "hospital a"]), ("components.0.features", ["exceptions"]),
            (
                "components.0.source",
                ["uri": "https://example.org/moments", "revision": "v1.2+3", "build": "make moments.wasm"]
            ),
            ("components.1.imports.1", "wasi:sockets/tcp"), ("components.1.clock", "virtual"),
            ("data.0.format", ["kind": "csv", "maximumRows": 1000, "columns": columns]),
            ("data.1.commitment", "any"), ("data.1.per", "run"),
            ("data.1.format", ["kind": "text", "maximumCharacters": 4000, "maximumLineCharacters": 120]),
            ("data.1.approval", ["by": ["hospital-a", "statistician"], "seconds": 3600]),
            ("outputs.1.approval", ["by": ["hospital-b"], "seconds": 7200]),
            ("limits.runs", 4), ("limits.failures", 3), ("limits.keepRuns", 2),
            ("outputs.1.format.maximumLineCharacters", 80),
            (
                "outputs.0.format.schema.properties.note",
                ["type": "string", "maxLength": 40, "characters": "latin"]
            ),
            ("outputs.0.format.schema.properties.converged", ["type": "boolean"]),
            ("outputs.2", regions),
            ("channels.6", ["release": "by-region", "component": "regression", "path": "/output/by-region.csv"]),
            ("platform.products", ["Milan", "Genoa", "Turin"]), ("platform.minimumTCB.Milan", genoa),
            ("platform.signingKeys", ["vcek", "vlek"]), ("platform.chips.1", "csp:CN=cloud.example"),
            ("platform.idKeys", [digest]), ("platform.authorKeys", [digest]), ("platform.guestSVN", 3),
            ("platform.familyID", .string(String(repeating: "1c", count: 16))),
            ("platform.imageID", .string(String(repeating: "2c", count: 16))),
            ("platform.reportVersion", 5), ("platform.mitigations", "00000000000000ff"),
        ]
        return changes.reduce(ManifestExample.ownValue) { $0.setting($1.0, to: $1.1) }
    }()

    private static let columns: JSONValue = [
        ["name": "region", "type": "text", "values": ["north", "south"]],
        ["name": "patients", "type": "integer", "minimum": 0, "maximum": 1_000_000],
        ["name": "mean-age", "type": "decimal", "minimum": "0", "maximum": "120.5", "fractionDigits": 1],
        ["name": "day", "type": "date", "minimum": "2020-01-01", "maximum": "2026-12-31", "optional": true],
        ["name": "code", "type": "text", "maximumCharacters": 8, "characters": "identifier"],
        ["name": "current", "type": "boolean"],
    ]

    private static let regions: JSONValue = [
        "name": "by-region", "recipients": ["hospital-a"], "maximumBytes": 65_536,
        "format": [
            "kind": "csv", "maximumRows": 500, "order": "sorted", "complete": true, "columns": columns,
        ],
        "noise": [
            ["column": "patients", "mechanism": "discrete-laplace", "scale": "2.5", "sensitivity": "1"]
        ],
        "minimumGroup": ["column": "patients", "atLeast": 10],
        "round": [["column": "patients", "to": 5], ["column": "mean-age", "to": "0.5"]],
    ]

    /// The scalars, by path.
    static var leaves: [String] {
        value.paths.filter { path in
            switch value.at(path) {
            case .object, .array, nil: false
            default: true
            }
        }
    }

    /// What the leaf at `path` could also be: each a valid manifest.
    static func variants(of path: String) throws -> [JSONValue] {
        guard let leaf = value.at(path) else { return [] }
        let changed: [JSONValue] =
            switch leaf {
            case .integer(let number): [.integer(number + 1), .integer(number - 1)]
            case .string(let text): try alternatives(to: text).map { .string($0) }
            default: []
            }
        var variants = changed.filter { $0 != leaf }.map { value.setting(path, to: $0) }
        variants += dependent(on: path, leaf)
        let valid = variants.filter(isManifest)
        guard valid.isEmpty, case .string(let text) = leaf else { return valid }
        // What others refer to is renamed wherever it stands.
        return [value.renaming(text, to: text + "x")].filter(isManifest)
    }

    /// Changes of a value that another value has to follow.
    private static func dependent(on path: String, _ leaf: JSONValue) -> [JSONValue] {
        switch path {
        // A question is open, and of text that those who decide can read.
        case "data.1.commitment", "data.1.per", "data.1.format.kind":
            let free = value.setting("data.1.approval", to: nil)
            if path.hasSuffix("kind") { return [free.setting("data.1.format", to: "any")] }
            // Without a question there is one run.
            let lasting = free.setting("data.1.per", to: "session").setting("limits.runs", to: 1)
                .setting("limits.failures", to: nil).setting("limits.keepRuns", to: nil)
            if path.hasSuffix("per") { return [lasting] }
            return [lasting.setting(path, to: .string("sha256:" + String(repeating: "7", count: 64)))]
        case "platform.kind": return [value.setting("platform", to: ManifestExample.simulated)]
        case "components.0.features.0": return [value.setting("components.0.features", to: nil)]
        case "platform.reportVersion": return [value.setting(path, to: 4).setting("platform.mitigations", to: "any")]
        case "platform.signingKeys.0", "platform.signingKeys.1":
            let chips = path.replacingOccurrences(of: "signingKeys", with: "chips")
            return [value.setting(path, to: nil).setting(chips, to: nil)]
        case _ where path.hasSuffix(".format.kind"):
            let entry = path.dropLast(".format.kind".count)
            return [value.setting("\(entry).format", to: "any").withoutRules("\(entry)")]
        case _ where path.hasSuffix(".type") || path.hasSuffix(".optional"):
            let column = path.split(separator: ".").dropLast().joined(separator: ".")
            let entry = path.split(separator: ".").prefix(2).joined(separator: ".")
            var kind: JSONValue = ["type": "boolean"]
            if leaf == "boolean" { kind = ["type": "integer", "minimum": 0, "maximum": 1] }
            if let name = value.at("\(column).name") { kind = kind.setting("name", to: name) }
            return [value.setting(column, to: kind).withoutRules(entry)]
        case _ where path.hasSuffix(".minimum") || path.hasSuffix(".maximum") || path.hasSuffix(".scale"):
            let other: JSONValue = path.contains(".format.") && leaf.isDate ? "2021-02-03" : "1.5"
            return [value.setting(path, to: other)]
        case _ where path.hasSuffix(".sensitivity") || path.hasSuffix(".to"):
            return [value.setting(path, to: "1.5")]
        case _ where path.hasSuffix(".order"):
            return [value.setting(path, to: "kept").setting("outputs.2.format.complete", to: nil)]
        case _ where path.hasSuffix(".complete"): return [value.setting(path, to: false)]
        case _ where path.hasSuffix(".characters"): return [value.setting(path, to: "digits")]
        case _ where path.hasSuffix(".mechanism"): return []
        case _ where path.hasPrefix("outputs.2.") && path.hasSuffix(".column"):
            // Another column of numbers, where one is whole and the other is not.
            return [
                value.setting(path, to: leaf == "patients" ? "mean-age" : "patients").withoutRules(
                    "outputs.2", but: String(path.split(separator: ".")[2]))
            ]
        default:
            guard path.hasPrefix("platform.products."), case .string(let product) = leaf else { return [] }
            return [value.setting(path, to: nil).setting("platform.minimumTCB.\(product)", to: nil)]
        }
    }

    static func isManifest(_ value: JSONValue) -> Bool {
        (try? Manifest(decoding: value.canonicalBytes)) != nil
    }

    private static let words = [
        "any", "allowed", "forbidden", "required", "refused", "real", "virtual", "repeatable", "launch", "lock",
        "stdout", "stderr", "vcek", "vlek", "other:package/interface",
        "sha256:" + String(repeating: "7", count: 64),
    ]

    private static func alternatives(to text: String) throws -> [String] {
        let names = ["participants", "components", "data", "outputs"].flatMap { list in
            (0..<3).compactMap { value.at("\(list).\($0).name") }
        }.compactMap { name -> String? in if case .string(let text) = name { text } else { nil } }
        let last = text.last == "0" ? "1" : "0"
        let stranger = ManifestExample.value
        let keys = [stranger.at("participants.0.signingKey"), stranger.at("participants.0.sealingKey")]
            .compactMap { key -> String? in if case .string(let text)? = key { text } else { nil } }
        return words + names + keys + [text.dropLast() + last, text + "x"]
    }
}

extension JSONValue {
    fileprivate var isDate: Bool { if case .string(let text) = self { text.count == 10 } else { false } }

    /// A copy whose output has no rules, or one kind alone.
    fileprivate func withoutRules(_ entry: String, but kept: String? = nil) -> JSONValue {
        ["noise", "minimumGroup", "round"].map { "\(entry).\($0)" }
            .filter { !$0.hasSuffix(kept ?? ".") && at($0) != nil }
            .reduce(self) { $0.setting($1, to: nil) }
    }

    /// A copy in which each string that is `old` is `new`.
    func renaming(_ old: String, to new: String) -> JSONValue {
        switch self {
        case .string(let text): .string(text == old ? new : text)
        case .array(let elements): .array(elements.map { $0.renaming(old, to: new) })
        case .object(let members): .object(members.map { JSONMember($0.name, $0.value.renaming(old, to: new)) })
        default: self
        }
    }
}
