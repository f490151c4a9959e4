internal import Commitments
internal import Primitives

/// Manifests of a plan that say the same but for names, salts and what they pin: explained once.
struct ManifestGroup {
    /// At least one, in the plan's order.
    let members: [Manifest]

    var first: Manifest { members[0] }

    static func all(of plan: ResolvedPlan) -> [ManifestGroup] {
        var groups: [[Manifest]] = []
        var places: [[UInt8]: Int] = [:]
        for manifest in plan.manifests {
            let key = alike(manifest)
            if let place = places[key] {
                groups[place].append(manifest)
            } else {
                places[key] = groups.count
                groups.append([manifest])
            }
        }
        return groups.map(ManifestGroup.init)
    }

    /// The canonical bytes without what differs from one shard to another.
    private static func alike(_ manifest: Manifest) -> [UInt8] {
        guard let value = try? JSONValue(parsing: manifest.canonicalBytes, maximumByteCount: Manifest.maximumByteCount),
            case .object(let members) = value
        else { preconditionFailure("canonical bytes are JSON") }
        let kept = members.filter { $0.name != "name" && $0.name != "salt" }.map { member -> JSONMember in
            guard member.name == "data", case .array(let entries) = member.value else { return member }
            return JSONMember("data", .array(entries.map(withoutPin)))
        }
        return JSONValue.object(kept).canonicalBytes
    }

    /// That a commitment pins something stays: `"any"` is another agreement.
    private static func withoutPin(_ entry: JSONValue) -> JSONValue {
        guard case .object(let members) = entry else { return entry }
        return .object(
            members.map { member in
                guard member.name == "commitment", case .string(let text) = member.value, text != "any" else {
                    return member
                }
                return JSONMember("commitment", "pinned")
            })
    }

    /// What the members are called: one name, or the first ones and how many there are.
    var title: String { Listing(members.map(\.name), title: "").text }

    /// What differs between the members: names, pins and salts of each.
    var differences: [Statement] {
        let lines = members.map { manifest -> Statement.Line in
            .value("\(manifest.name): \(manifest.digest.prefixed), bound to \(manifest.bound), salt \(manifest.salt)")
        }
        var statements: [Statement] = [
            .notice(
                members.count == 1
                    ? "The digest of its manifest, and what the session is bound to, can be shown."
                    : "\(counted(members.count, "manifest")) say the same but for their names, their salts and what "
                        + "they pin. Their digests, and what each session is bound to, can be shown.", details: lines)
        ]
        let pins = members.flatMap { manifest in
            manifest.data.compactMap { entry -> Statement.Line? in
                guard case .fixed(let digest) = entry.commitment else { return nil }
                return .value("\(manifest.name): \(entry.name) is pinned to \(digest.prefixed)")
            }
        }
        if members.count > 1, !pins.isEmpty {
            statements.append(
                Statement(
                    text: "What is pinned in each differs, and can be shown.", severity: .notice, lines: [],
                    details: pins))
        }
        return statements
    }
}
