import Commitments
import Plans
import Primitives
import TestSupport

extension Target {
    /// Several sessions under one agreement. An input is the plan and its manifests as one JSON text.
    static let plans: [Target] = [
        Target("plan", .json, seeds: { [seed] }) { bytes in plan(bytes) },
        Target("signed-plan", .json, seeds: { signedSeeds }) { bytes in
            guard let document = decoded({ try PlanDocument(decoding: bytes) }) else { return }
            guard case .signed(let signed) = document else { return }
            let again = made("a signed plan gives back") { try SignedPlan(decoding: signed.encoded) }
            claim(again == signed && !signed.signers.isEmpty, "a signed plan gives back")
            let complete = decoded { try signed.complete() }
            claim((complete != nil) == signed.missingSigners.isEmpty, "complete is what everyone signed")
        },
    ]

    private static let seed: [UInt8] = {
        let example = PlanExample()
        return JSONValue.object([
            JSONMember("plan", example.plan),
            JSONMember(
                "manifests",
                .array(example.manifests.map { ["session": .string($0.session), "manifest": $0.value] })),
        ]).canonicalBytes
    }()

    private static let signedSeeds: [[UInt8]] = {
        guard let signed = decoded({ try PlanExample().signed() }) else { return [] }
        return [signed.encoded]
    }()

    private static let example = made("the example is a plan") { try PlanExample().resolved() }

    /// One digest, an explanation, and a difference that tells every change.
    private static func plan(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: 1 << 18) else { return }
        var plan = value.at("plan") ?? value
        var documents: [Name: [UInt8]] = [:]
        for index in 0..<8 {
            guard let manifest = value.at("manifests.\(index).manifest") else { break }
            guard case .string(let text)? = value.at("manifests.\(index).session"), let name = Name(text) else {
                continue
            }
            documents[name] = manifest.canonicalBytes
            // The digest follows the manifest, so that a change of it is seen further on.
            guard plan.at("sessions.\(index).manifest") == "" else { continue }
            let digest = SHA256Digest(sha256: manifest.canonicalBytes)
            plan = plan.setting("sessions.\(index).manifest", to: .string(digest.prefixed))
        }
        guard let plan = decoded({ try Plan(decoding: plan.canonicalBytes) }) else { return }
        let again = made("canonical bytes are a plan") { try Plan(decoding: plan.canonicalBytes) }
        claim(again == plan, "a plan gives back")
        claim(plan.digest == SHA256Digest(sha256: plan.canonicalBytes), "the digest is of the canonical bytes")
        guard let resolved = decoded({ try plan.resolve(documents) }) else { return }
        claim(resolved.manifests.count == plan.sessions.count, "each session has its manifest")
        claim(resolved.copies.count == plan.sessions.count, "each session's copies are told")
        claim(PlanDifference(from: resolved, to: resolved).isEmpty, "a plan differs from itself in nothing")
        let difference = PlanDifference(from: example, to: resolved)
        claim(difference.isEmpty == (plan.digest == example.plan.digest), "every change is told")
        claimShown(difference.text(colour: false, columns: 72, paths: true), "a difference")
        for reader in [nil] + plan.participants.map({ Optional($0.name) }).prefix(2) {
            let explanation = PlanExplanation(
                of: resolved, in: .draft(plan), addressBook: AddressBook(), reader: reader)
            claimShown(explanation.text(colour: false, columns: 72, all: true), "an explanation")
        }
    }
}
