internal import Commitments
internal import Primitives

/// What a report says of one advisory. The worse is the greater.
enum AdvisoryState: Comparable, Sendable {
    case closed(String)
    /// The report lacks what would decide.
    case undecidable(String)
    case open(String)

    private var rank: Int {
        switch self {
        case .closed: 0
        case .undecidable: 1
        case .open: 2
        }
    }

    var detail: String {
        switch self {
        case .closed(let text), .undecidable(let text), .open(let text): text
        }
    }

    static func < (left: AdvisoryState, right: AdvisoryState) -> Bool { left.rank < right.rank }
    static func == (left: AdvisoryState, right: AdvisoryState) -> Bool { left.rank == right.rank }
}

/// One report, as conditions look at it.
struct PolicySubject {
    let report: AttestationReport
    /// `nil` where the product, and so the layout of TCB versions, is not known.
    let layout: TCBLayout?

    /// The state of a rule's advisory: closed by any one condition that holds.
    func state(of rule: PolicyRule) -> AdvisoryState {
        let conditions: [PolicyCondition]
        switch rule.closedBy {
        case .nothing: return .open("nothing that a report can show closes it")
        case .unknown: return .undecidable("no figures are known that close it")
        case .conditions(let some): conditions = some
        }
        let states = conditions.map(state(of:))
        if let closed = states.first(where: { $0 == .closed("") }) { return closed }
        // What could still be closed, if the report said more, is not known to be open.
        if let undecidable = states.first(where: { $0 == .undecidable("") }) { return undecidable }
        return .open(states.map(\.detail).joined(separator: ", or else "))
    }

    /// The state under one condition: each of its parts must hold.
    private func state(of condition: PolicyCondition) -> AdvisoryState {
        let parts = versionParts(condition) + mitigationParts(condition) + bitParts(condition)
        func texts(_ verdict: Verdict) -> String? {
            let texts = parts.filter { $0.verdict == verdict }.map(\.text)
            return texts.isEmpty ? nil : texts.joined(separator: ", ")
        }
        if let failed = texts(.fails) { return .open(failed) }
        if let unknown = texts(.unknown) { return .undecidable(unknown) }
        return .closed(texts(.holds) ?? "")
    }

    private enum Verdict { case holds, fails, unknown }
    private typealias Part = (verdict: Verdict, text: String)

    private func versionParts(_ condition: PolicyCondition) -> [Part] {
        let floors = [
            ("CURRENT_TCB", report.tcb.current, condition.current),
            ("REPORTED_TCB", report.tcb.reported, condition.current),
            ("LAUNCH_TCB", report.tcb.launch, condition.launch),
        ]
        var parts: [Part] = []
        for (name, encoded, floor) in floors where !floor.parts.isEmpty {
            guard let version = layout.flatMap(encoded.decoded(as:)) else {
                parts.append((.unknown, "\(name) cannot be interpreted"))
                continue
            }
            for part in TCBPart.allCases {
                guard let least = floor.parts[part] else { continue }
                let found = part.value(of: version)
                parts.append(
                    (
                        found >= least ? .holds : .fails,
                        "\(name) has \(part.title) \(found)" + (found >= least ? "" : " and not \(least)")
                    ))
            }
        }
        guard let least = condition.current.firmware else { return parts }
        for (name, version) in [("current", report.currentFirmware), ("committed", report.committedFirmware)] {
            let holds = version.isAtLeast(least)
            let text = "the \(name) firmware is \(version.text)" + (holds ? "" : " and not \(least.text)")
            parts.append((holds ? .holds : .fails, text))
        }
        return parts
    }

    private func mitigationParts(_ condition: PolicyCondition) -> [Part] {
        let masks = [
            ("CURRENT_MIT_VECTOR", condition.current.mitigations, report.mitigations?.current),
            ("LAUNCH_MIT_VECTOR", condition.launch.mitigations, report.mitigations?.launch),
        ]
        return masks.compactMap { name, mask, found in
            guard let mask else { return nil }
            guard let found else { return (.unknown, "a report of version \(report.version) has no \(name)") }
            let holds = found & mask == mask
            return (
                holds ? .holds : .fails,
                "\(name) is \(found.hexText)" + (holds ? "" : " and lacks \((mask & ~found).hexText)")
            )
        }
    }

    private func bitParts(_ condition: PolicyCondition) -> [Part] {
        func part<Bit: ReportBit>(_ bit: Bit, _ rule: BitRule, isSet: Bool) -> Part {
            let holds = isSet == (rule == .required)
            let meaning = isSet ? bit.meanings.one : bit.meanings.zero
            return (holds ? .holds : .fails, "\(bit.name) is \(isSet ? 1 : 0): \(meaning)")
        }
        let platform = PlatformInfoBit.allCases.compactMap { bit in
            condition.platformInfo[bit].map { part(bit, $0, isSet: report.platformInfo.contains(bit)) }
        }
        let policy = GuestPolicyBit.allCases.compactMap { bit in
            condition.guestPolicy[bit].map { part(bit, $0, isSet: report.policy.contains(bit)) }
        }
        return platform + policy
    }
}
