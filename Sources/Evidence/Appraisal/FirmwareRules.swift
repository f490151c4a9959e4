internal import Commitments
internal import Primitives

extension Inspection {
    /// TCB versions, firmware versions and mitigations.
    var firmwareFindings: [Finding] {
        tcbFindings + firmwareVersionFindings + mitigationFindings
    }

    /// Reports name their layout by CPUID from version 3 on; before, the product does. A processor that is not known
    /// here has no layout, whatever its certificate says, and a finding of its own.
    var tcbLayout: TCBLayout? { report.processor == nil ? product?.tcbLayout : report.processor?.tcbLayout }

    private var tcbFindings: [Finding] {
        guard let layout = tcbLayout else { return [] }
        var findings: [Finding] = []
        func decode(_ name: String, _ tcb: EncodedTCB) -> TCBVersion? {
            let version = tcb.decoded(as: layout)
            findings += unless(version != nil, .tcbReserved, expected: "zeros in \(name)", found: "\(tcb)")
            return version
        }
        let current = decode("CURRENT_TCB", report.tcb.current)
        let reported = decode("REPORTED_TCB", report.tcb.reported)
        let committed = decode("COMMITTED_TCB", report.tcb.committed)
        let launch = decode("LAUNCH_TCB", report.tcb.launch)
        guard let current, let reported, let committed, let launch else { return findings }

        if let leaf {
            findings += unless(
                reported == leaf.tcb, .tcbCertificate, expected: "\(leaf.tcb), as certified", found: "\(reported)")
        }
        let named = [("CURRENT_TCB", current), ("REPORTED_TCB", reported), ("LAUNCH_TCB", launch)]
        findings += minimumFindings(named)
        for (name, version) in [("REPORTED_TCB", reported), ("COMMITTED_TCB", committed)] {
            findings += unless(
                current.isAtLeast(version), .tcbOrder, expected: "\(name) at most \(current)", found: "\(version)")
        }
        return findings + provisionalFindings(current: current, committed: committed)
    }

    private func minimumFindings(_ versions: [(name: String, version: TCBVersion)]) -> [Finding] {
        switch reference.minimumTCB {
        case .value(let floors):
            // A product without a floor has a finding of its own.
            guard let product, let floor = floors[product] else { return [] }
            let minimum = TCBVersion(floor, of: product)
            return versions.flatMap { name, version in
                unless(
                    version.isAtLeast(minimum), .tcbMinimum, expected: "\(name) at least \(minimum)",
                    found: "\(version)")
            }
        case .any:
            return versions.prefix(1).map { name, version in
                Finding(.tcbMinimum, .waived, expected: "a floor", found: "\(version) as \(name)")
            }
        }
    }

    /// Firmware that is not committed can be replaced by older firmware at any time.
    private func provisionalFindings(current: TCBVersion, committed: TCBVersion) -> [Finding] {
        let expected = "a commitment to \(current), firmware \(report.currentFirmware.text)"
        let found = "one to \(committed), firmware \(report.committedFirmware.text)"
        switch reference.provisionalFirmware {
        case .allowed: return [Finding(.tcbProvisional, .waived, expected: expected, found: found)]
        case .refused:
            let isCommitted = committed == current && report.committedFirmware == report.currentFirmware
            return unless(isCommitted, .tcbProvisional, expected: expected, found: found)
        }
    }

    private var firmwareVersionFindings: [Finding] {
        let current = report.currentFirmware
        let committed = report.committedFirmware
        let order = unless(
            current.isAtLeast(committed), .firmwareOrder, expected: "committed at most \(current.text)",
            found: committed.text)
        switch reference.firmware {
        case .any: return order + [Finding(.firmware, .waived, expected: Finding.anything, found: current.text)]
        case .value(let minimum):
            return order
                + unless(
                    current.isAtLeast(minimum) && committed.isAtLeast(minimum), .firmware,
                    expected: "at least \(minimum.text)", found: "\(current.text), committed \(committed.text)")
        }
    }

    private var mitigationFindings: [Finding] {
        let found = report.mitigations.map { "launch \($0.launch.hexText), current \($0.current.hexText)" }
        switch reference.mitigations {
        case .any: return [Finding(.mitigations, .waived, expected: Finding.anything, found: found ?? "none reported")]
        case .value(let bits):
            let holds = report.mitigations.map { $0.launch & bits == bits && $0.current & bits == bits } ?? false
            return unless(
                holds, .mitigations, expected: "\(bits.hexText) at launch and now",
                found: found ?? "none: the report's version is below 5")
        }
    }
}

extension FirmwareVersion {
    /// Compared major, minor, build.
    func isAtLeast(_ other: FirmwareVersion) -> Bool {
        (major, minor, build) >= (other.major, other.minor, other.build)
    }

    var text: String { "\(major).\(minor).\(build)" }
}

extension UInt64 {
    /// `0x2f`.
    var hexText: String { "0x" + String(self, radix: 16) }
}
