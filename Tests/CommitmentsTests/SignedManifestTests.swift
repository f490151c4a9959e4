import Commitments
import Keys
import Primitives
import TestSupport
import Testing

@Suite("Signed manifests")
struct SignedManifestTests {
    private let keys = ManifestExample.keys.map(\.signing)

    private func signed(by indices: Int...) throws -> SignedManifest {
        var signed = try SignedManifest(signing: try ManifestExample.manifest(), by: keys[indices[0]])
        for index in indices.dropFirst() { try signed.sign(by: keys[index]) }
        return signed
    }

    @Test("is complete with every signature, in any order, and never before")
    func complete() throws {
        #expect(throws: SignedManifestError.signaturesMissing(try names("hospital-a", "hospital-b"))) {
            try signed(by: 2).complete()
        }
        #expect(throws: SignedManifestError.signaturesMissing(try names("hospital-b"))) {
            try signed(by: 2, 0, 2, 0).complete()
        }
        let full = try signed(by: 2, 0, 1).complete()
        #expect(full.manifest == (try ManifestExample.manifest()))
        let read = try SignedManifest(decoding: full.envelope.encoded)
        #expect(read.signers == (try names("hospital-a", "hospital-b", "statistician")))
        #expect(try read.complete() == full)
    }

    @Test("joins what several signed apart")
    func joins() throws {
        var joined = try signed(by: 0)
        try joined.join(try signed(by: 1))
        try joined.join(try signed(by: 0, 2))
        #expect(joined.missingSigners.isEmpty)

        let other = try ManifestExample.manifest(ManifestExample.ownValue.setting("limits.wallTimeSeconds", to: 61))
        let foreign = try SignedManifest(signing: other, by: keys[0])
        #expect(throws: SignedManifestError.termsDiffer(joined.manifest.digest, other.digest)) {
            try joined.join(foreign)
        }
    }

    @Test("refuses the signature of somebody else")
    func outsiders() throws {
        let outsider = SigningKey(seed: SecretSeed(FixedBytes(repeating: 0x99)))
        let manifest = try ManifestExample.manifest()
        #expect(throws: SignedManifestError.notAParticipant(outsider.publicKey)) {
            try SignedManifest(signing: manifest, by: outsider)
        }
        #expect(throws: SignedManifestError.notAParticipant(outsider.publicKey)) {
            var signed = try signed(by: 0)
            try signed.sign(by: outsider)
        }
        var envelope = Envelope(signing: manifest.canonicalBytes, as: .manifest, by: keys[0])
        envelope.sign(by: outsider)
        #expect(throws: SignedManifestError.envelope(.unknownSigner(outsider.publicKey))) {
            try SignedManifest(decoding: envelope.encoded)
        }
    }

    @Test("refuses a payload that is a manifest in another layout")
    func layout() throws {
        let envelope = Envelope(signing: ManifestExample.ownValue.indentedBytes, as: .manifest, by: keys[0])
        #expect(throws: SignedManifestError.notCanonical) { try SignedManifest(decoding: envelope.encoded) }
    }

    @Test("refuses a signature over another manifest")
    func moved() throws {
        let other = try ManifestExample.manifest(ManifestExample.ownValue.setting("limits.wallTimeSeconds", to: 61))
        let payload = Base64.standard.encode(try ManifestExample.manifest().canonicalBytes)
        let text = String(decoding: try SignedManifest(signing: other, by: keys[0]).encoded, as: UTF8.self)
            .replacing(Base64.standard.encode(other.canonicalBytes), with: payload)
        #expect(throws: SignedManifestError.envelope(.invalidSignature(keys[0].publicKey))) {
            try SignedManifest(decoding: Array(text.utf8))
        }
    }

    @Test("refuses an envelope around what is no manifest")
    func payloads() throws {
        for (payload, code) in [
            ("{}", "manifest.shape.missing"), ("", "manifest.json.end"), ("[]", "manifest.shape.kind"),
        ] {
            let envelope = Envelope(signing: Array(payload.utf8), as: .manifest, by: keys[0])
            let error = #expect(throws: SignedManifestError.self) { try SignedManifest(decoding: envelope.encoded) }
            #expect(error?.code == code)
        }
    }

    @Test("tells a draft from an envelope")
    func documents() throws {
        let draft = try ManifestDocument(decoding: ManifestExample.bytes)
        #expect(draft.signers.isEmpty)
        #expect(draft.missingSigners.count == 3)
        let envelope = try ManifestDocument(decoding: try signed(by: 1).encoded)
        #expect(envelope.signers == (try names("hospital-b")))
        let both = ManifestExample.value.setting("payloadType", to: .string(PayloadType.manifest.name))
        #expect(throws: SignedManifestError.self) { try ManifestDocument(decoding: both.canonicalBytes) }
        #expect(throws: SignedManifestError.self) { try ManifestDocument(decoding: Array("7".utf8)) }
    }

    private func names(_ texts: String...) throws -> [Name] {
        try texts.map { try #require(Name($0)) }
    }
}
