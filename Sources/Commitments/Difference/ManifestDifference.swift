public import Primitives

/// What changed from one manifest to another, value by value.
///
/// Compared are the canonical forms themselves, so that no change can hide from this list: two
/// manifests with an empty difference have one digest.
public struct ManifestDifference: Equatable, Sendable {
    public let changes: [Change]
    /// What the changes mean, each change in at least one of them.
    public let consequences: [Consequence]

    /// One value that is new, gone or different.
    public struct Change: Equatable, Sendable {
        /// `components[moments-a].memoryMiB`: entries by name, where they have one.
        public let place: String
        /// `nil` where it is new.
        public let before: JSONValue?
        /// `nil` where it is gone.
        public let after: JSONValue?

        /// The same value in a larger document, in which the place has a beginning.
        package func below(_ beginning: String) -> Change {
            Change(place: "\(beginning): \(place)", before: before, after: after)
        }
    }

    /// Compares two manifests.
    public init(from before: Manifest, to after: Manifest) {
        changes = Self.changes(from: before.canonicalBytes, to: after.canonicalBytes)
        var consequences = Consequences(from: before, to: after)
        consequences.complete(with: changes)
        self.consequences = consequences.found
    }

    public var isEmpty: Bool { changes.isEmpty }

    /// Compares two agreements' canonical bytes.
    package static func changes(from before: [UInt8], to after: [UInt8]) -> [Change] {
        var comparison = Comparison()
        if before != after { comparison.compare(value(of: before), value(of: after), at: "") }
        return comparison.changes
    }

    /// Canonical bytes were made from a value, so they parse.
    private static func value(of canonicalBytes: [UInt8]) -> JSONValue {
        do {
            return try JSONValue(parsing: canonicalBytes, maximumByteCount: Manifest.maximumByteCount)
        } catch {
            preconditionFailure("canonical bytes are JSON")
        }
    }
}

private struct Comparison {
    var changes: [ManifestDifference.Change] = []

    mutating func compare(_ before: JSONValue, _ after: JSONValue, at place: String) {
        switch (before, after) {
        case (.object(let left), .object(let right)):
            pair(left.map { ($0.name, $0.value) }, right.map { ($0.name, $0.value) }) {
                place.isEmpty ? $0 : "\(place).\($0)"
            }
        case (.array(let left), .array(let right)):
            let (leftKeys, rightKeys) = (Self.keys(left), Self.keys(right))
            pair(Array(zip(leftKeys, left)), Array(zip(rightKeys, right))) { "\(place)[\($0)]" }
            // Order is part of the bytes that are signed, so a change of nothing but order is one.
            if Set(leftKeys) == Set(rightKeys), leftKeys != rightKeys {
                changes.append(
                    .init(place: "\(place), order", before: Self.list(leftKeys), after: Self.list(rightKeys)))
            }
        default:
            if before != after { changes.append(.init(place: place, before: before, after: after)) }
        }
    }

    private mutating func pair(
        _ before: [(String, JSONValue)], _ after: [(String, JSONValue)], _ place: (String) -> String
    ) {
        let old = Dictionary(before) { first, _ in first }
        let new = Dictionary(after) { first, _ in first }
        for (key, value) in before {
            if let other = new[key] {
                compare(value, other, at: place(key))
            } else {
                changes.append(.init(place: place(key), before: value, after: nil))
            }
        }
        for (key, value) in after where old[key] == nil {
            changes.append(.init(place: place(key), before: nil, after: value))
        }
    }

    /// A different key for each element: the same data can be mounted twice in one component.
    private static func keys(_ elements: [JSONValue]) -> [String] {
        var counts: [String: Int] = [:]
        return elements.map { element in
            let key = key(of: element)
            counts[key, default: 0] += 1
            return counts[key] == 1 ? key : "\(key), number \(counts[key] ?? 0)"
        }
    }

    /// What an element is called: its name, a channel's kind and ends, or the value itself.
    private static func key(of element: JSONValue) -> String {
        guard case .object(let members) = element else { return text(element) }
        func member(_ name: String) -> String? {
            members.first { $0.name.hasSameBytes(as: name) }.map { text($0.value) }
        }
        if let name = member("name") { return name }
        if let data = member("mount") { return "mount \(data) in \(member("component") ?? "")" }
        if let name = member("link") { return "link \(name) of \(member("importer") ?? "")" }
        if let output = member("release") { return "release \(output)" }
        if let output = member("log") { return "log \(output)" }
        if let output = member("output"), let receiver = member("to") {
            return "\(member("from") ?? "").\(output) to \(receiver).\(member("data") ?? "")"
        }
        if let session = member("session") { return "session \(session)" }
        return text(element)
    }

    private static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: value.canonicalBytes, as: UTF8.self)
    }

    private static func list(_ keys: [String]) -> JSONValue {
        .array(keys.map { .string($0) })
    }
}
