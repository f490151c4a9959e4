import Evidence
import Keys
import Primitives
import Testing

@Suite("A signed policy")
struct SignedPolicyTests {
    private let key = SigningKey(seed: SecretSeed(FixedBytes(repeating: 1)))
    private let other = SigningKey(seed: SecretSeed(FixedBytes(repeating: 2)))

    private func signed(of date: String = "2026-11-01", by key: SigningKey? = nil) throws -> [UInt8] {
        try PolicyDocument.sign(PolicyText.file(["date": "\"\(date)\""]), by: key ?? self.key).encoded
    }

    private func document(of date: String = "2026-11-01", by key: SigningKey? = nil) throws -> PolicyDocument {
        try PolicyDocument(decoding: try signed(of: date, by: key), trusting: [self.key.publicKey, other.publicKey])
    }

    @Test("is whose key signed it, and a plain file is nobody's")
    func signers() throws {
        #expect(try document().signers == [key.publicKey])
        #expect(try PolicyDocument(decoding: PolicyText.file(), trusting: [key.publicKey]).signers == [])
        let both = try PolicyDocument.sign(try signed(), by: other).encoded
        let document = try PolicyDocument(decoding: both, trusting: [key.publicKey, other.publicKey])
        #expect(document.signers == [key.publicKey, other.publicKey])
        #expect(try document.policy == PolicyFile(decoding: PolicyText.file(["date": #""2026-11-01""#])))
    }

    @Test("is refused with a signature by a key that is not trusted, also beside one that is")
    func foreign() throws {
        #expect(throws: EvidenceFileError.envelope(.unknownSigner(key.publicKey))) {
            try PolicyDocument(decoding: try signed(), trusting: [other.publicKey])
        }
        let both = try PolicyDocument.sign(try signed(), by: other).encoded
        #expect(throws: EvidenceFileError.envelope(.unknownSigner(other.publicKey))) {
            try PolicyDocument(decoding: both, trusting: [key.publicKey])
        }
    }

    @Test("is refused where a byte of it was changed, or it was signed as something else")
    func changed() throws {
        let bytes = try signed()
        let text = String(decoding: bytes, as: UTF8.self)
        // The payload's first characters are its opening brace and the first name.
        let changed = text.replacing("\"payload\": \"eyJk", with: "\"payload\": \"eyJl")
        #expect(changed != text)
        #expect(throws: EvidenceFileError.self) {
            try PolicyDocument(decoding: Array(changed.utf8), trusting: [key.publicKey])
        }
        let wrong = Envelope(
            signing: PolicyText.file(), as: PayloadType(name: "application/x", maximumByteCount: 9999), by: key)
        #expect(throws: EvidenceFileError.self) {
            try PolicyDocument(decoding: wrong.encoded, trusting: [key.publicKey])
        }
        // The right type over bytes that are not the canonical ones: one policy has one digest.
        let loose = Envelope(signing: PolicyText.file(), as: PolicyDocument.payloadType, by: key)
        #expect(throws: EvidenceFileError.notCanonical) {
            try PolicyDocument(decoding: loose.encoded, trusting: [key.publicKey])
        }
    }

    @Test("is refused when it is older than one that was used of the same key, whatever else it says")
    func downgrade() throws {
        var history = PolicyHistory()
        let lines = try history.use([document(of: "2026-11-02")])
        #expect(throws: PolicyHistoryError.self) { try history.use([document(of: "2026-11-01")]) }
        #expect(throws: PolicyHistoryError.self) { try history.use([document(of: "2026-12-01"), document()]) }
        let again = try history.use([document(of: "2026-11-02")])
        #expect(again == [])
        // Another key's age is its own.
        let others = try history.use([document(of: "2026-01-01", by: other)])
        #expect(!others.isEmpty)
        // What was kept is read again, in any order; the newest counts.
        let older = try PolicyHistory().lines(using: [document(of: "2026-10-01")])
        for bytes in [lines + older, older + lines] {
            var read = try PolicyHistory(decoding: bytes)
            #expect(throws: PolicyHistoryError.self) { try read.use([document()]) }
        }
        var plain = PolicyHistory()
        let unsigned = try PolicyDocument(decoding: PolicyText.file(), trusting: [])
        let none = try plain.use([unsigned])
        #expect(none == [])
    }

    @Test("takes 64 signatures and no more, and again the one of who has signed")
    func manySignatures() throws {
        var bytes = try signed()
        for seed in 2...64 as ClosedRange<UInt8> {
            let signer = SigningKey(seed: SecretSeed(FixedBytes(repeating: seed)))
            bytes = try PolicyDocument.sign(bytes, by: signer).encoded
        }
        #expect(try PolicyDocument.sign(bytes, by: key).signatures.count == 64)
        let one = SigningKey(seed: SecretSeed(FixedBytes(repeating: 65)))
        #expect(throws: EvidenceFileError.envelope(.tooManySignatures)) { try PolicyDocument.sign(bytes, by: one) }
    }

    @Test("is compared with a history that can be read, or not at all")
    func brokenHistory() {
        let large = [UInt8](repeating: UInt8(ascii: "\n"), count: PolicyHistory.maximumByteCount + 1)
        #expect(throws: EvidenceFileError.self) { try PolicyHistory(decoding: large) }
        #expect(throws: Never.self) { try PolicyHistory(decoding: Array(large.dropLast())) }
        for text in ["x", #"{"key": "did:key:z1", "date": "2026-11-01"}"#, #"{"key": 1}"#, "{}\n"] {
            #expect(throws: EvidenceFileError.self) { try PolicyHistory(decoding: Array(text.utf8)) }
        }
    }
}

extension PolicyHistory {
    fileprivate func lines(using documents: [PolicyDocument]) throws -> [UInt8] {
        var history = self
        return try history.use(documents)
    }
}
