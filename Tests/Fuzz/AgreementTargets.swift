import Commitments
import Composition
import Evidence
import Keys
import Lifecycle
import Primitives
import TestSupport
import Verification

extension Target {
    /// What participants agree to, and the files of their keys.
    static let agreements: [Target] = [
        Target("manifest", .json, seeds: { [Scene.manifest.canonicalBytes] }) { bytes in manifest(bytes) },
        Target("signed-manifest", .json, seeds: { [Scene.signed.encoded] }) { bytes in
            guard let document = decoded({ try ManifestDocument(decoding: bytes) }) else { return }
            guard case .signed(var signed) = document else { return }
            let again = made("a signed manifest gives back") { try SignedManifest(decoding: signed.encoded) }
            claim(again == signed, "a signed manifest gives back")
            claim(!signed.signers.isEmpty, "nothing unsigned is signed")
            claim(decoded { try signed.join(again) } != nil && again == signed, "joining itself changes nothing")
            let complete = decoded { try signed.complete() }
            claim((complete != nil) == signed.missingSigners.isEmpty, "complete is what everyone signed")
        },
        Target("envelope", .json, seeds: { [Scene.signed.encoded] }) { bytes in
            guard var envelope = decoded({ try Envelope(decoding: bytes, as: .manifest) }) else { return }
            let again = made("an envelope gives back") { try Envelope(decoding: envelope.encoded, as: .manifest) }
            claim(again == envelope, "an envelope gives back")
            claim(decoded { try envelope.join(again) } == nil || envelope == again, "joining itself adds nothing")
            let keys = envelope.signatures.map(\.keyID)
            claim(Set(keys).count == keys.count, "each key signs once")
            guard let payload = decoded({ try envelope.verified(by: Scene.parties.map(\.signing.publicKey)) }) else {
                return
            }
            claim(payload.bytes == envelope.payload && !payload.signers.isEmpty, "what is verified is what was signed")
        },
        Target("key-file", .json, seeds: { keySeeds }) { bytes in
            guard let file = decoded({ try KeyFile(decoding: bytes) }) else { return }
            let again = made("a key file gives back") { try KeyFile(decoding: file.encoded) }
            claim(again.encoded == file.encoded, "a key file gives back")
        },
        Target("participant", .json, seeds: { Scene.parties.map { $0.entry.canonicalBytes } }) { bytes in
            guard let participant = decoded({ try Participant(decoding: bytes) }) else { return }
            let again = made("a participant gives back") { try Participant(decoding: participant.json.canonicalBytes) }
            claim(again == participant, "a participant gives back")
        },
        Target("address-book", .json, seeds: { bookSeeds }) { bytes in
            guard let book = decoded({ try AddressBook(decoding: bytes) }) else { return }
            let again = made("an address book gives back") { try AddressBook(decoding: book.encoded) }
            claim(again == book, "an address book gives back")
        },
        Target("policy", .json) { bytes in policy(bytes) },
    ]

    private static let keySeeds: [[UInt8]] = {
        let keys = PrivateKeys(
            signingSeed: SecretSeed(FixedBytes(repeating: 3)), sealingSeed: SecretSeed(FixedBytes(repeating: 4)))
        let locked = made("a passphrase locks") {
            try LockedKeys(locking: keys, with: [1, 2, 3], randomness: FixedBytes(repeating: 9), workFactor: 14)
        }
        return [KeyFile.open(keys).encoded, KeyFile.locked(locked).encoded]
    }()

    private static let bookSeeds: [[UInt8]] = {
        var book = AddressBook()
        for participant in Scene.manifest.participants {
            _ = made("a book takes a name") { try book.trust(participant.signingKey, as: participant.name) }
        }
        return [book.encoded]
    }()

    /// One digest, one explanation, and sizes that can be computed, whatever the manifest says.
    private static func manifest(_ bytes: [UInt8]) {
        guard let manifest = decoded({ try Manifest(decoding: bytes) }) else { return }
        let again = made("canonical bytes are a manifest") { try Manifest(decoding: manifest.canonicalBytes) }
        claim(again.canonicalBytes == manifest.canonicalBytes, "a manifest gives back")
        claim(decoded { try Manifest(decoding: again.canonicalBytes) } == again, "canonical bytes give back all of it")
        claim(manifest.digest == SHA256Digest(sha256: manifest.canonicalBytes), "the digest is of the canonical bytes")
        claim(ManifestDifference(from: manifest, to: again).isEmpty, "a manifest differs from itself in nothing")
        let difference = ManifestDifference(from: Scene.manifest, to: manifest)
        claim(difference.isEmpty == (manifest.digest == Scene.manifest.digest), "every change is told")
        claim(difference.isEmpty || !difference.consequences.isEmpty, "every change means something")
        for reader in [nil] + manifest.participants.map({ Optional($0.name) }).prefix(2) {
            let explanation = Explanation(of: .draft(manifest), addressBook: AddressBook(), reader: reader)
            claimShown(explanation.text(colour: false, columns: 72, all: true), "an explanation")
            _ = explanation.json(of: manifest).canonicalBytes
        }
        claimShown(difference.text(colour: false, columns: 72, paths: true), "a difference")
        sizes(of: manifest)
    }

    private static func sizes(of manifest: Manifest) {
        let reachability = Reachability(of: manifest)
        claim(reachability.disclosures.count == manifest.data.count + manifest.components.count, "each source is told")
        claim(Slot.all(of: manifest).count == manifest.data.count + manifest.components.count, "each source has a slot")
        claim(CompositionBounds(manifest).memoryByteCount >= 0, "memory is bounded")
        let layout = JobLayout(manifest)
        claim(Set(layout.folders).count == layout.folders.count, "each folder is made once")
        for participant in manifest.participants {
            for run in [1, 2] {
                let count = OutputsIndex.contentByteCount(for: participant.name, under: manifest, run: run)
                claim(count > 0, "outputs have a size")
            }
            for subject in Review.Subject.allCases {
                let count = ReviewIndex.contentByteCount(for: participant.name, on: subject, under: manifest)
                claim(count > 0, "a review has a size")
            }
        }
    }

    /// A policy has one digest, differs from itself in nothing, and is explained.
    private static func policy(_ bytes: [UInt8]) {
        guard let document = decoded({ try PolicyDocument(decoding: bytes, trusting: []) }) else { return }
        let policy = document.policy
        claim(document.signers.isEmpty, "nobody signed who is not trusted")
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: PolicyFile.maximumByteCount) else {
            fatalError("does not hold: a policy is JSON")
        }
        let again = made("a policy's canonical bytes are one") { try PolicyFile(decoding: value.canonicalBytes) }
        claim(again == policy, "a policy gives back")
        claim(policy.digest == SHA256Digest(sha256: value.canonicalBytes), "the digest is of the canonical bytes")
        claim(PolicyDifference(from: policy, to: again).changes.isEmpty, "a policy differs from itself in nothing")
        for line in VerifierPolicy([policy]).explanation(columns: 72) { claimShown(line, "a policy's explanation") }
    }
}
