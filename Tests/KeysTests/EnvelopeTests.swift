import Keys
import Primitives
import Testing

@Suite("Envelopes")
struct EnvelopeTests {
    private let type = PayloadType(name: "application/vnd.2cvm.test+json", maximumByteCount: 100)
    private let alice = SigningKey(seed: seed(String(repeating: "01", count: 32)))
    private let bob = SigningKey(seed: seed(String(repeating: "02", count: 32)))
    private let eve = SigningKey(seed: seed(String(repeating: "03", count: 32)))

    private func envelope() -> Envelope {
        var envelope = Envelope(signing: Array("hello".utf8), as: type, by: alice)
        envelope.sign(by: bob)
        return envelope
    }

    /// The envelope's JSON after a change to its members.
    private func changed(_ envelope: Envelope, _ change: (String) -> String) throws -> Envelope {
        let text = change(String(decoding: envelope.encoded, as: UTF8.self))
        return try Envelope(decoding: Array(text.utf8), as: type)
    }

    @Test("verifies what it signed, and says who did")
    func verifies() throws {
        let read = try Envelope(decoding: envelope().encoded, as: type)
        #expect(read == envelope())
        let verified = try read.verified(by: [alice.publicKey, bob.publicKey, eve.publicKey])
        #expect(verified.bytes == Array("hello".utf8))
        #expect(verified.signers == [alice.publicKey, bob.publicKey])
        var again = read
        again.sign(by: alice)
        #expect(again == read)
    }

    /// The example of the DSSE protocol's page: "hello world" under http://example.com/HelloWorld.
    @Test("signs DSSE's pre-authentication encoding")
    func encoding() throws {
        let type = PayloadType(name: "http://example.com/HelloWorld", maximumByteCount: 100)
        let envelope = Envelope(signing: Array("hello world".utf8), as: type, by: alice)
        #expect(
            envelope.preAuthenticationEncoding
                == Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8))
    }

    @Test("refuses a key that nobody asked for, were the others good")
    func refusesUnknown() throws {
        #expect(throws: EnvelopeError.unknownSigner(bob.publicKey)) {
            try envelope().verified(by: [alice.publicKey])
        }
        #expect(throws: EnvelopeError.unknownSigner(alice.publicKey)) { try envelope().verified(by: []) }
    }

    @Test("refuses a changed payload, another type, and another's signature under one's name")
    func refusesForgeries() throws {
        let keys = [alice.publicKey, bob.publicKey]
        let payload = try changed(envelope()) { $0.replacing("aGVsbG8=", with: "aGVsbGE=") }
        #expect(throws: EnvelopeError.invalidSignature(alice.publicKey)) { try payload.verified(by: keys) }

        let other = PayloadType(name: "application/vnd.2cvm.other+json", maximumByteCount: 100)
        let moved = String(decoding: envelope().encoded, as: UTF8.self).replacing(type.name, with: other.name)
        let retyped = try Envelope(decoding: Array(moved.utf8), as: other)
        #expect(throws: EnvelopeError.invalidSignature(alice.publicKey)) { try retyped.verified(by: keys) }

        let single = Envelope(signing: Array("hello".utf8), as: type, by: eve)
        let stolen = try changed(single) { $0.replacing(eve.publicKey.didKey, with: alice.publicKey.didKey) }
        #expect(throws: EnvelopeError.invalidSignature(alice.publicKey)) { try stolen.verified(by: keys) }
    }

    @Test("refuses a signature with any bit changed")
    func refusesFlippedBits() throws {
        let envelope = Envelope(signing: Array("hello".utf8), as: type, by: alice)
        let signature = envelope.signatures[0].signature.bytes
        let encoded = Base64.standard.encode(signature)
        for bit in 0..<512 {
            var bytes = signature
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let mutant = try changed(envelope) { $0.replacing(encoded, with: Base64.standard.encode(bytes)) }
            #expect(throws: EnvelopeError.self, "bit \(bit)") { try mutant.verified(by: [alice.publicKey]) }
        }
    }

    @Test("refuses other shapes")
    func refusesShapes() throws {
        let did = alice.publicKey.didKey
        let sig = Base64.standard.encode([UInt8](repeating: 0, count: 64))
        let good = #"{"keyid":"\#(did)","sig":"\#(sig)"}"#
        func text(_ type: String, _ payload: String, _ signatures: String, _ rest: String = "") -> String {
            #"{"payloadType":"\#(type)","payload":"\#(payload)","signatures":[\#(signatures)]\#(rest)}"#
        }
        _ = try Envelope(decoding: Array(text(type.name, "aGVsbG8=", good).utf8), as: type)
        let wrong = [
            "", "[]", "null", text(type.name, "aGVsbG8=", ""), text("text/plain", "aGVsbG8=", good),
            text(type.name, "aGVsbG8", good), text(type.name, "aGVsb G8=", good), text(type.name, "-_8=", good),
            text(type.name, Base64.standard.encode([UInt8](repeating: 0, count: 101)), good),
            text(type.name, "aGVsbG8=", good + "," + good), text(type.name, "aGVsbG8=", good, #","extra":1"#),
            text(type.name, "aGVsbG8=", good, #","payload":"aGVsbG8=""#),
            text(type.name, "aGVsbG8=", #"{"keyid":"alice","sig":"\#(sig)"}"#),
            text(type.name, "aGVsbG8=", #"{"sig":"\#(sig)"}"#), text(type.name, "aGVsbG8=", #"{"keyid":"\#(did)"}"#),
            text(type.name, "aGVsbG8=", #"{"keyid":"\#(did)","sig":"AAAA"}"#),
            text(type.name, "aGVsbG8=", #"{"keyid":"\#(did)","sig":"\#(sig)","x":{}}"#),
            text(type.name, "aGVsbG8=", Array(repeating: good, count: 65).joined(separator: ",")),
        ]
        for text in wrong {
            #expect(throws: EnvelopeError.self, "\(text.prefix(100))") {
                try Envelope(decoding: Array(text.utf8), as: type)
            }
        }
    }

    @Test("joins equal payloads and nothing else")
    func joins() throws {
        var joined = Envelope(signing: Array("hello".utf8), as: type, by: alice)
        try joined.join(Envelope(signing: Array("hello".utf8), as: type, by: bob))
        try joined.join(envelope())
        #expect(joined == envelope())
        #expect(throws: EnvelopeError.payloadsDiffer) {
            try joined.join(Envelope(signing: Array("hello!".utf8), as: type, by: eve))
        }
        let otherType = PayloadType(name: "application/vnd.2cvm.other+json", maximumByteCount: 100)
        #expect(throws: EnvelopeError.payloadsDiffer) {
            try joined.join(Envelope(signing: Array("hello".utf8), as: otherType, by: eve))
        }
        let sig = Base64.standard.encode(joined.signatures[0].signature.bytes)
        let other = try changed(joined) {
            $0.replacing(sig, with: Base64.standard.encode([UInt8](repeating: 9, count: 64)))
        }
        #expect(throws: EnvelopeError.signaturesDiffer(alice.publicKey)) { try joined.join(other) }
        #expect(joined == envelope())
    }

    @Test("joins no more signatures than an envelope holds")
    func joinsTooMany() throws {
        func signed(by seeds: ClosedRange<UInt8>) -> Envelope {
            let keys = seeds.map { SigningKey(seed: SecretSeed(FixedBytes(repeating: $0))) }
            var envelope = Envelope(signing: Array("hello".utf8), as: type, by: keys[0])
            for key in keys.dropFirst() { envelope.sign(by: key) }
            return envelope
        }
        var joined = signed(by: 1...40)
        try joined.join(signed(by: 30...64))
        #expect(joined.signatures.count == 64)
        #expect(throws: EnvelopeError.tooManySignatures) { try joined.join(signed(by: 60...65)) }
    }
}
