internal import Primitives

extension PlanExample {
    /// The example's pool with as many slots as there are senders, each of them like the example's first site.
    ///
    /// - Parameters:
    ///   - senders: how many, below 1,000.
    ///   - byteCount: the most that each sends.
    public static func wide(senders: Int, byteCount: Int) -> PlanExample {
        var example = PlanExample().plan("evidence.revocationNotBefore", to: "2026-01-01")
        let (site, pool) = (example.manifests[0].value, example.manifests[2].value)
        guard let slot = pool.at("data.0") else { preconditionFailure("the example has it") }
        let names = (0..<senders).map { "site-\($0)" }
        let size = JSONValue.integer(byteCount)
        example.manifests =
            names.map { name in
                let salt = SHA256Digest(sha256: Array(name.utf8)).description
                let value = site.setting("name", to: .string(name)).setting("salt", to: .string(salt))
                return (name, value.setting("outputs.0.maximumBytes", to: size).setting("outputs.0.format", to: "any"))
            } + [
                (
                    "pool",
                    pool.setting(
                        "data",
                        to: .array(
                            names.map { name in
                                slot.setting("name", to: .string("moments-\(name)"))
                                    .setting("provider", to: ["session": .string(name)])
                                    .setting("maximumBytes", to: size).setting("format", to: nil)
                            })
                    ).setting("channels", to: channels(names, pool))
                )
            ]
        example.plan = example.plan.setting(
            "sessions",
            to: .array(
                (names + ["pool"]).map {
                    ["name": .string($0), "manifest": "", "platform": "machines", "attempts": 1]
                })
        ).setting(
            "flows",
            to: .array(
                names.map {
                    ["from": .string($0), "output": "moments", "to": "pool", "data": .string("moments-\($0)")]
                }))
        return example
    }

    private static func channels(_ names: [String], _ pool: JSONValue) -> JSONValue {
        guard let release = pool.at("channels.2") else { preconditionFailure("the example has it") }
        return .array(
            names.map { ManifestFixture.mount("moments-\($0)", in: "regression", at: "/data/\($0)") } + [release])
    }
}
