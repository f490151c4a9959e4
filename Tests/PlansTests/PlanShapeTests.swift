import Commitments
import Keys
import Plans
import Primitives
import TestSupport
import Testing

@Suite("Plans as text")
struct PlanShapeTests {
    @Test("are the same plan in any layout and any order of keys")
    func layout() throws {
        let example = PlanExample()
        let plan = try Plan(decoding: example.value.indentedBytes)
        #expect(plan == (try example.decoded()))
        #expect(plan.canonicalBytes == example.value.canonicalBytes)
        #expect(plan.digest == SHA256Digest(sha256: plan.canonicalBytes))
    }

    @Test("differ by digest with every value that one changes")
    func digests() throws {
        let base = try PlanExample().decoded().digest
        let changes: [(String, JSONValue)] = [
            ("name", "other"), ("purpose", "Other."), ("salt", .string(String(repeating: "77", count: 32))),
            ("sessions.0.attempts", 3), ("evidence.revocationNotBefore", "2026-11-28"),
            ("platforms.0.platform.binding", "lock"),
        ]
        for (path, value) in changes { #expect(try PlanExample().plan(path, to: value).decoded().digest != base) }
    }

    @Test("refuse a value of each wrong kind, at its path", arguments: PlanExample().value.paths)
    func kinds(_ path: String) throws {
        let example = PlanExample().value
        guard !path.isEmpty, let value = example.at(path) else { return }
        let wrong: JSONValue =
            switch value {
            case .object, .array, .integer: "text"
            default: 7
            }
        let error = #expect(throws: PlanError.self) {
            try Plan(decoding: example.setting(path, to: wrong).canonicalBytes)
        }
        #expect(error?.code.hasPrefix("plan.shape.") == true, "\(path): \(error?.code ?? "")")
        #expect(error?.message.contains(printed(path)) == true)
    }

    @Test("refuse what is no JSON, too large, too deep or written twice")
    func texts() throws {
        let text = String(decoding: PlanExample().value.canonicalBytes, as: UTF8.self)
        let hostile = [
            "", "{", text + "x", text + " " + text, "[]", "7",
            text.replacing("\"name\":\"cohort\"", with: "\"name\":\"a\",\"name\":\"b\""),
            String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
            String(repeating: " ", count: 1 << 20) + text,
        ]
        for text in hostile { #expect(throws: PlanError.self) { try Plan(decoding: Array(text.utf8)) } }
    }

    @Test("hold 1,000 sessions that feed one, and not one more")
    func largest() throws {
        let example = try many(999)
        let plan = try example.decoded()
        #expect(plan.canonicalBytes.count < Plan.maximumByteCount)
        let resolved = try plan.resolve(example.documents)
        #expect(resolved.manifests[0].data.count == 999)
        #expect(PlanReachability(of: resolved).tellings.first { $0.kind == .data }?.sessions.count == 500)
        let extra = example.plan(
            "sessions.1000", to: ["name": "more", "manifest": "", "platform": "machines", "attempts": 1])
        let error = #expect(throws: PlanError.self) { try extra.decoded() }
        #expect(error?.code == "plan.shape.count")
    }

    /// A pool and so many sites, in turn of one hospital and the other.
    private func many(_ count: Int) throws -> PlanExample {
        var example = PlanExample()
        let (site, pool) = (example.manifests[0].value, example.manifests[2].value)
        let slot = try #require(pool.at("data.0"))
        let numbers = Array(1...count)
        let release = try #require(pool.at("channels.2"))
        let mounts = numbers.map { number -> JSONValue in
            ["mount": .string("m-\(number)"), "component": "regression", "path": .string("/data/\(number).txt")]
        }
        let slots = numbers.map { number in
            slot.setting("name", to: .string("m-\(number)")).setting(
                "provider", to: ["session": .string("s-\(number)")])
        }
        example.manifests = [
            ("pool", pool.setting("data", to: .array(slots)).setting("channels", to: .array(mounts + [release])))
        ]
        example.manifests += numbers.map { number in
            let name = "s-\(number)"
            let salt = SHA256Digest(sha256: Array(name.utf8)).description
            let owner = number.isMultiple(of: 2) ? "hospital-b" : "hospital-a"
            return (
                name,
                site.setting("name", to: .string(name)).setting("salt", to: .string(salt))
                    .setting("data.0.provider", to: .string(owner))
            )
        }
        let sessions = example.manifests.map { session, _ -> JSONValue in
            ["name": .string(session), "manifest": "", "platform": "machines", "attempts": 1]
        }
        let flows = numbers.map { number -> JSONValue in
            [
                "from": .string("s-\(number)"), "output": "moments", "to": "pool", "data": .string("m-\(number)"),
            ]
        }
        return example.plan("sessions", to: .array(sessions)).plan("flows", to: .array(flows))
    }
}
