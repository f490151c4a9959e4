internal import Commitments
internal import Primitives

/// What a later policy file demands more or less than an earlier one.
public struct PolicyDifference: Equatable, Sendable {
    public private(set) var changes: [Change] = []

    /// One consequence.
    public struct Change: Equatable, Sendable {
        public let effect: Effect
        public let text: String
    }

    /// Which way a change goes.
    public enum Effect: String, CaseIterable, Sendable {
        case weaker, stricter
        /// Neither implies the other, or only words changed.
        case other
    }

    /// Compares rule by rule.
    public init(from old: PolicyFile, to new: PolicyFile) {
        if old.unlistedProcessors != new.unlistedProcessors {
            let isWeaker = new.unlistedProcessors == .allowed
            add(isWeaker ? .weaker : .stricter, "a processor that is not listed is \(new.unlistedProcessors.rawValue)")
        }
        least("revocation lists are from", old.revocationNotBefore, new.revocationNotBefore) {
            String($0.description.prefix(10))
        }
        least("engines are from", old.earliestEngine, new.earliestEngine) { $0.description }
        let before = Set(old.refusedMeasurements.map { $0.measurement })
        let after = Set(new.refusedMeasurements.map { $0.measurement })
        for text in texts(after.subtracting(before)) { add(.stricter, "refuses the image \(text)") }
        for text in texts(before.subtracting(after)) { add(.weaker, "no longer refuses the image \(text)") }
        products(old, new)
        let (known, shown) = (old.notShown.map(\.fullName), new.notShown.map(\.fullName))
        for name in shown where !known.contains(name) { add(.other, "says that no report can show \(name)") }
        for name in known where !shown.contains(name) { add(.other, "no longer says that no report can show \(name)") }
    }

    private mutating func add(_ effect: Effect, _ text: String) {
        changes.append(Change(effect: effect, text: text))
    }

    private mutating func least<Value: Comparable>(
        _ subject: String, _ old: Value?, _ new: Value?, _ text: (Value) -> String
    ) {
        guard old != new else { return }
        guard let new else { return add(.weaker, "\(subject) any time on") }
        let isStricter = old.map { $0 < new } ?? true
        add(isStricter ? .stricter : .weaker, "\(subject) \(text(new)) on")
    }

    private mutating func products(_ old: PolicyFile, _ new: PolicyFile) {
        // To be listed is to be taken where others are refused, and to be judged where others are taken.
        for product in old.products where !new.products.contains(where: { $0.title == product.title }) {
            add(new.unlistedProcessors == .refused ? .stricter : .weaker, "\(product.title) is not listed any more")
        }
        for product in new.products {
            guard let before = old.products.first(where: { $0.title == product.title }) else {
                add(
                    old.unlistedProcessors == .refused ? .weaker : .stricter,
                    "\(product.title) is listed, with \(product.rules.count) rules")
                continue
            }
            for rule in before.rules
            where !product.rules.contains(where: { $0.advisory.identifier == rule.advisory.identifier }) {
                add(.weaker, "\(product.title): no rule on \(rule.advisory.fullName) any more")
            }
            for rule in product.rules {
                let known = before.rules.first { $0.advisory.identifier == rule.advisory.identifier }
                compare(known, rule, of: product.title)
            }
        }
    }

    private mutating func compare(_ old: PolicyRule?, _ new: PolicyRule, of product: String) {
        let subject = "\(product): \(new.advisory.fullName)"
        guard let old else { return add(.stricter, "\(subject) has a rule") }
        if old.closedBy != new.closedBy {
            let demand = "is closed by \(new.closedBy.text)"
            switch (new.closedBy.isAtLeastAsStrict(as: old.closedBy), old.closedBy.isAtLeastAsStrict(as: new.closedBy))
            {
            case (true, false): add(.stricter, "\(subject) \(demand)")
            case (false, true): add(.weaker, "\(subject) \(demand)")
            default: add(.other, "\(subject) \(demand)")
            }
        }
        for (words, before, after) in [
            ("open", old.whenOpen, new.whenOpen), ("undecidable", old.whenUndecidable, new.whenUndecidable),
        ] where before != after {
            add(after == .told ? .weaker : .stricter, "\(subject), where it is \(words), is \(after.rawValue)")
        }
        if old.advisory.isConfirmed != new.advisory.isConfirmed {
            add(
                .other,
                "\(subject): the figures are \(new.advisory.isConfirmed ? "confirmed" : "not confirmed any more")")
        }
    }
}

extension PolicyRule.Closing {
    /// Whether each way to close an advisory here also closes it there. No way at all is the strictest. Figures that
    /// are not known are neither more nor less than figures.
    fileprivate func isAtLeastAsStrict(as other: Self) -> Bool {
        switch (self, other) {
        case (.nothing, _): true
        case (.conditions(let mine), .conditions(let others)):
            mine.allSatisfy { condition in others.contains { condition.implies($0) } }
        default: false
        }
    }

    fileprivate var text: String {
        switch self {
        case .nothing: "nothing"
        case .unknown: "figures that are not known"
        case .conditions(let conditions): conditions.map(\.text).joined(separator: ", or by ")
        }
    }
}

extension PolicyCondition {
    fileprivate func implies(_ other: PolicyCondition) -> Bool {
        current.implies(other.current) && launch.implies(other.launch)
            && other.platformInfo.allSatisfy { platformInfo[$0.key] == $0.value }
            && other.guestPolicy.allSatisfy { guestPolicy[$0.key] == $0.value }
    }
}

extension FirmwareFloor {
    fileprivate func implies(_ other: FirmwareFloor) -> Bool {
        let reachesFirmware = other.firmware.map { least in firmware.map { $0.isAtLeast(least) } ?? false } ?? true
        let hasBits = other.mitigations.map { bits in (mitigations ?? 0) & bits == bits } ?? true
        return reachesFirmware && hasBits && other.parts.allSatisfy { (parts[$0.key] ?? 0) >= $0.value }
    }
}

private func texts(_ measurements: Set<FixedBytes<48>>) -> [String] {
    measurements.map { $0.description }.sorted()
}
