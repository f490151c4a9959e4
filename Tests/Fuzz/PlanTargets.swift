import Commitments
import Keys
import Lifecycle
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
        Target("planned-lock", .json, seeds: { lockSeeds }) { bytes in
            guard let lock = decoded({ try PlannedLock(decoding: bytes) }) else { return }
            claim(PlannedLock.isMeant(by: bytes), "what locks a session of a plan is known as such")
            let again = made("a lock gives back") { try PlannedLock(decoding: lock.encoded) }
            claim(again.agreed == lock.agreed && again.plan == lock.plan, "a lock gives back")
            let manifest = lock.agreed.manifest
            claim(lock.plan.bound(manifest.name) == manifest.bound, "a session is bound to what the plan says")
            claim(
                lock.agreed.flows.allSatisfy { $0.from == manifest.name || $0.to == manifest.name },
                "only flows of this session")
        },
        Target("delivery", .json, seeds: { [delivery.payload] }) { bytes in
            guard bytes.count <= Delivery.payloadType.maximumByteCount else { return }
            let envelope = Envelope(signing: bytes, as: Delivery.payloadType, by: Scene.session.signing)
            let key = Scene.session.signing.publicKey
            guard let found = decoded({ try Delivery(verifying: envelope, from: key) }) else { return }
            claim(found.payload == bytes, "a delivery has one spelling")
            claim(
                decoded { try Delivery(verifying: envelope, from: Scene.parties[0].signing.publicKey) } == nil,
                "a delivery is its signer's")
        },
        Target("deliveries", .json, seeds: { [deliveries] }) { bytes in
            guard let list = decoded({ try DeliveryList(decoding: bytes) }) else { return }
            claim(decoded { try DeliveryList(decoding: list.encoded) } == list, "deliveries give back")
        },
        Target("peer-content", seeds: { [PeerContent(isReleased: true, byteCount: 9, salt: salt).encoded] }) { bytes in
            let head = bytes.prefix(PeerContent.headByteCount)
            guard let content = PeerContent(decoding: head, contentByteCount: bytes.count) else { return }
            claim(content.encoded == Array(head), "a beginning has one spelling")
            claim(content.byteCount <= bytes.count - PeerContent.headByteCount, "an output fits into its content")
            claim(content.isReleased || content.byteCount == 0, "what was not released has no bytes")
        },
    ]

    private static let salt = FixedBytes<32>(repeating: 5)

    private static let lockSeeds: [[UInt8]] = {
        guard let plan = decoded({ try PlanExample().signed().complete() }) else { return [] }
        return PlanExample().documents.compactMap { name, manifest in
            decoded { try PlannedLock(plan, name, manifest: manifest, policy: nil).encoded }
        }
    }()

    private static let delivery = Delivery(
        of: example.plan.flows[0], in: example.plan.digest, commitment: SHA256Digest(sha256: [1]), byteCount: 841,
        count: 1, from: Scene.sessionID,
        to: Delivery.Receiver(session: SHA256Digest(sha256: [2]), reportDigest: SHA256Digest(sha256: [3])))

    private static let deliveries = DeliveryList([delivery.signed(by: Scene.session.signing)]).encoded

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
