internal import Primitives

// What the machine must prove less, and what more.

extension Consequences {
    mutating func platform() {
        waivers()
        guard case .sevSNP(let old) = before.platform, case .sevSNP(let new) = after.platform else {
            values("measurements", "image", Set(before.platform.measurements), Set(after.platform.measurements))
            return
        }
        values("measurements", "image", Set(old.measurements), Set(new.measurements))
        floors(old, new)
        for key in SEVSNPRequirements.EndorsementKey.allCases {
            switch (old.signingKeys.contains(key), new.signingKeys.contains(key)) {
            case (false, true): add(.weaker, .warning("A \(key.rawValue) may sign now."), at: keyPlace(key))
            case (true, false): add(.stricter, .notice("A \(key.rawValue) may sign no more."), at: keyPlace(key))
            default: break
            }
        }
        if case .listed(let oldChips, let oldProviders) = old.chips, case .listed(let chips, let providers) = new.chips
        {
            values("chips", "chip", oldChips, chips)
            for provider in providers.subtracting(oldProviders).sorted() {
                add(
                    .weaker,
                    .warning(
                        "Machines of one more provider are accepted:",
                        lines: [.quote(label: nil, .init(escaping: provider))]),
                    at: "platform.chips[csp:\(provider)]")
            }
        }
        for (key, words, lists) in [
            ("idKeys", "ID key", (old.idKeys, new.idKeys)),
            ("authorKeys", "author key", (old.authorKeys, new.authorKeys)),
        ] {
            guard case .listed(let before) = lists.0, case .listed(let after) = lists.1 else { continue }
            values(key, words, before, after)
        }
        versions(old, new)
    }

    private func keyPlace(_ key: SEVSNPRequirements.EndorsementKey) -> String {
        "platform.signingKeys[\(key.rawValue)]"
    }

    private mutating func waivers() {
        let (old, new) = (before.platform.waivers, after.platform.waivers)
        let (oldKeys, newKeys) = (Set(old.map(\.key)), Set(new.map(\.key)))
        func place(_ key: String) -> String {
            switch key {
            case "kind": "platform"
            case "products": "platform.products[Milan]"
            default: "platform.\(key)"
            }
        }
        for waiver in new where !oldKeys.contains(waiver.key) {
            let statement = Statement(
                text: waiver.text, severity: max(waiver.severity, .warning), lines: [], details: [])
            add(.weaker, statement, at: place(waiver.key))
        }
        for waiver in old where !newKeys.contains(waiver.key) {
            let text = "No longer waived: \(waiver.key). `2cvm manifest explain` says what is demanded instead."
            add(.stricter, .notice(text), at: place(waiver.key))
        }
    }

    /// Values of which any one is enough: more of them demand less.
    private mutating func values<let byteCount: Int>(
        _ key: String, _ words: String, _ old: Set<FixedBytes<byteCount>>, _ new: Set<FixedBytes<byteCount>>
    ) {
        func sorted(_ values: Set<FixedBytes<byteCount>>) -> [String] { values.map { $0.description }.sorted() }
        for value in sorted(new.subtracting(old)) {
            add(
                .weaker, .warning("One more \(words) is accepted:", lines: [.value(value)]),
                at: "platform.\(key)[\(value)]")
        }
        for value in sorted(old.subtracting(new)) {
            add(
                .stricter, .notice("One \(words) is accepted no more:", lines: [.value(value)]),
                at: "platform.\(key)[\(value)]")
        }
    }

    private mutating func floors(_ old: SEVSNPRequirements, _ new: SEVSNPRequirements) {
        for product in SEVProduct.allCases {
            let places = ["platform.products[\(product.rawValue)]", "platform.minimumTCB.\(product.rawValue)"]
            switch (old.minimumTCB[product], new.minimumTCB[product]) {
            case (nil, let floor?):
                let text = "\(product.rawValue) is accepted now, from these versions on: \(floor.words(of: product))."
                add(.weaker, .warning(text), at: places[0], places[1])
            case (.some, nil):
                add(.stricter, .notice("\(product.rawValue) is accepted no more."), at: places[0], places[1])
            case (let floor?, let other?):
                for (key, name, value) in TCBFloor.parts {
                    least(
                        "minimumTCB.\(product.rawValue).\(key)", "\(product.rawValue)'s \(name)", value(floor),
                        value(other))
                }
            case (nil, nil): break
            }
        }
    }

    private mutating func versions(_ old: SEVSNPRequirements, _ new: SEVSNPRequirements) {
        least("guestSVN", "The guest SVN", Int(old.guestSVN), Int(new.guestSVN))
        least("reportVersion", "The report's version", Int(old.reportVersion), Int(new.reportVersion))
        if old.vmpl != new.vmpl {
            let text = "The agent runs at VMPL \(new.vmpl) instead of \(old.vmpl)."
            if new.vmpl > old.vmpl {
                add(.weaker, .warning(text), at: "platform.vmpl")
            } else {
                add(.stricter, .notice(text), at: "platform.vmpl")
            }
        }
        if case .value(let before) = old.firmware, case .value(let after) = new.firmware, before != after {
            let text = "The SNP firmware must be at least \(after.words) instead of \(before.words)."
            let isLess = after.parts.lexicographicallyPrecedes(before.parts)
            add(isLess ? .weaker : .stricter, isLess ? .warning(text) : .notice(text), at: "platform.firmware")
        }
        if case .value(let before) = old.mitigations, case .value(let after) = new.mitigations, before != after {
            let isLess = before & ~after != 0
            let words = isLess ? "Some mitigation bits are no longer demanded." : "More mitigation bits are demanded."
            add(isLess ? .weaker : .stricter, isLess ? .warning(words) : .notice(words), at: "platform.mitigations")
        }
    }

    private mutating func least(_ key: String, _ subject: String, _ old: Int, _ new: Int) {
        guard old != new else { return }
        let text = "\(subject) must be at least \(new) instead of \(old)."
        if new < old {
            add(.weaker, .warning(text), at: "platform.\(key)")
        } else {
            add(.stricter, .notice(text), at: "platform.\(key)")
        }
    }
}

extension TCBFloor {
    fileprivate static let parts: [(key: String, name: String, value: @Sendable (TCBFloor) -> Int)] = [
        ("fmc", "FMC", { Int($0.fmc) }), ("bootLoader", "boot loader", { Int($0.bootLoader) }),
        ("tee", "TEE", { Int($0.tee) }), ("snp", "SNP", { Int($0.snp) }),
        ("microcode", "microcode", { Int($0.microcode) }),
    ]
}

extension FirmwareVersion {
    fileprivate var parts: [UInt8] { [major, minor, build] }
    var words: String { "\(major).\(minor), build \(build)" }
}
