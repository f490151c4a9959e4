package import ArgumentParser
import Commitments
package import Evidence
package import Plans
package import Primitives
package import Workbench

/// How evidence is judged.
package struct VerifierOptions: ParsableArguments {
    package enum Revocation: String, CaseIterable, ExpressibleByArgument {
        case checked, unchecked
    }

    /// What is refused unless it is named.
    package enum Acceptance: String, CaseIterable, ExpressibleByArgument {
        case milan
    }

    @Option(
        help: ArgumentHelp(
            "A revocation list of AMD's that counts besides the evidence's own and those that you fetched. Repeatable.",
            valueName: "file"),
        completion: .file())
    package var crl: [String] = []

    @Option(
        help: ArgumentHelp("Refuse unless a revocation list is from this date or later.", valueName: "date"),
        transform: timeArgument)
    var revocationNotBefore: Timestamp?

    @Option(help: ArgumentHelp("Whether a missing or stale revocation list is taken.", valueName: "checked|unchecked"))
    package var revocation: Revocation = .checked

    @Option(help: ArgumentHelp("Take \"milan\", whose keys can be extracted by software.", valueName: "product"))
    var accept: [Acceptance] = []

    @Option(
        help: ArgumentHelp("Judge as of this time: 2026-09-01 or 2026-09-01T12:00:00Z. Else now.", valueName: "date"),
        transform: timeArgument)
    package var at: Timestamp?

    @Option(
        help: ArgumentHelp(
            "Your policy file, which can only narrow. Repeatable: the strictest wins.", valueName: "file"),
        completion: .file())
    var policy: [String] = []

    @Option(
        help: ArgumentHelp(
            "Refuse a policy file without this signature: a name in your address book, or did:key:….",
            valueName: "name|key"))
    var policySigner: String?

    @Option(
        help: ArgumentHelp(
            "Take this root besides AMD's, for manifests that say simulated: the SHA-256 of its public key. Without "
                + "it: TWOCVM_SIMULATED_ROOT, or your settings.", valueName: "hex"),
        transform: digestArgument)
    package var simulatedRoot: SHA256Digest?

    package init() {}

    package func validate() throws {
        guard policySigner == nil || !policy.isEmpty else { throw ValidationError("--policy-signer needs --policy") }
    }

    /// - Parameter takesSettings: whether a simulated root may come from the settings. A report by itself is judged
    ///   without a manifest that would say simulated, so there it must be named.
    package func verifier(takesSettings: Bool = true) throws(CommandFailure) -> Verifier {
        var verifier = Verifier(at: try time(), policy: try readPolicy())
        verifier.revocationLists = try revocationLists()
        verifier.revocationNotBefore = revocationNotBefore
        if revocation == .unchecked { verifier.waivers.insert(.revocation) }
        if accept.contains(.milan) { verifier.waivers.insert(.milan) }
        verifier.simulatedRoot = simulatedRoot
        if takesSettings {
            verifier.simulatedRoot = try Setting.simulatedRoot.value(
                simulatedRoot, as: "64 hexadecimal digits, perhaps after sha256:"
            ) { SHA256Digest(prefixed: $0) ?? SHA256Digest(hex: $0) }
        }
        return verifier
    }

    /// The same for sessions of a plan, which also says how old a revocation list may be.
    package func verifier(under plan: Plan) throws(CommandFailure) -> Verifier {
        var verifier = try verifier()
        let date = Timestamp(plan.evidence.revocationNotBefore.description)
        verifier.revocationNotBefore = [verifier.revocationNotBefore, date].compactMap(\.self).max()
        return verifier
    }

    /// The policy file that a plan names, which must be among those that were given.
    package func policyFile(of plan: Plan) throws(CommandFailure) -> [UInt8]? {
        guard let digest = plan.evidence.policy else { return nil }
        for file in policy {
            let bytes = try readFile(file, maximumByteCount: PolicyDocument.maximumByteCount)
            if (try? PolicyFile(decoding: bytes))?.digest == digest { return bytes }
        }
        throw CommandFailure(PlanPolicyMissing(digest: digest))
    }

    private func readPolicy() throws(CommandFailure) -> VerifierPolicy {
        let policies = try SignedPolicies(files: policy, signedBy: policySigner)
        try policies.noteUse()
        return policies.policy
    }

    /// All that are at hand: a list that is left out could be the one that revokes.
    private func revocationLists() throws(CommandFailure) -> [RevocationList] {
        var lists: [RevocationList] = []
        for file in crl { lists.append(try readRevocationList(file)) }
        guard let home = try? Home() else { return lists }
        return try lists + CertificateCache(home).revocationLists()
    }

    private func time() throws(CommandFailure) -> Timestamp {
        if let at { return at }
        return try currentTime()
    }
}

/// The plan names a policy file, and none of those that were given is the one.
private struct PlanPolicyMissing: CommandFault {
    let digest: SHA256Digest

    var status: ExitStatus { .refused }
    var code: String { "plan.policy" }
    var message: String { "the plan names a policy file, \(digest.prefixed)" }
    var hint: String? { "get it from whoever made the plan, and give it with --policy" }
}
