import Commitments
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

@Suite("A delivery")
struct DeliveryTests {
    private let machine = Party("machine", 3)
    private let other = Party("other", 4)

    private func delivery(count: Int = 1) throws -> Delivery {
        func name(_ text: String) throws -> Name { try #require(Name(text)) }
        let flow = Flow(
            from: try name("site-a"), output: try name("sums"), to: try name("pool"), data: try name("sums-a"))
        return Delivery(
            of: flow, in: FixedBytes(repeating: 1), commitment: FixedBytes(repeating: 2), byteCount: 1041,
            count: count, from: FixedBytes(repeating: 3),
            to: Delivery.Receiver(session: FixedBytes(repeating: 4), reportDigest: FixedBytes(repeating: 5)))
    }

    private func text() throws -> String { String(decoding: try delivery().payload, as: UTF8.self) }

    private func signed(_ text: String) -> Envelope {
        Envelope(signing: Array(text.utf8), as: Delivery.payloadType, by: machine.signing)
    }

    @Test("has the form that docs/API.md shows")
    func form() throws {
        let digits = { (digit: String) in String(repeating: "0" + digit, count: 32) }
        #expect(
            try text()
                == #"{"bytes":1041,"commitment":"sha256:\#(digits("2"))","count":1,"data":"sums-a","from":"site-a","#
                + #""output":"sums","plan":"sha256:\#(digits("1"))","receiver":{"report":"sha256:\#(digits("5"))","#
                + #""session":"\#(digits("4"))"},"session":"\#(digits("3"))","to":"pool","version":1}"#)
    }

    @Test("says what was stated, to whoever has the sender's key")
    func roundTrip() throws {
        let envelope = try delivery().signed(by: machine.signing)
        #expect(try Delivery(verifying: envelope, from: machine.signing.publicKey) == delivery())
        #expect(try Delivery(claimedBy: envelope) == delivery())
    }

    @Test("is refused when another key signed it, and when somebody else's signature stands beside the sender's")
    func otherSigner() throws {
        var envelope = try delivery().signed(by: other.signing)
        #expect(throws: DeliveryError.self) { try Delivery(verifying: envelope, from: machine.signing.publicKey) }
        envelope.sign(by: machine.signing)
        #expect(throws: DeliveryError.self) { try Delivery(verifying: envelope, from: machine.signing.publicKey) }
    }

    @Test("is refused with a name that is none, a count of zero, a size below zero, and a key that nobody knows")
    func malformed() throws {
        let text = try text()
        let changes = [
            (#""from":"site-a""#, #""from":"Site A""#), (#""count":1"#, #""count":0"#),
            (#""count":1"#, #""count":16385"#), (#""bytes":1041"#, #""bytes":-1"#),
            (#""bytes":1041"#, #""bytes":1041.5"#), (#""version":1"#, #""version":2"#),
            (#""to":"pool""#, #""note":"","to":"pool""#), (#""session":"0404"#, #""session":"04"#),
            (#""count":1,"#, ""),
        ]
        for (old, new) in changes {
            let changed = text.replacing(old, with: new)
            #expect(changed != text)
            #expect(throws: DeliveryError.self, "\(new)") {
                try Delivery(verifying: signed(changed), from: machine.signing.publicKey)
            }
            #expect(throws: DeliveryError.self, "\(new)") { try Delivery(claimedBy: signed(changed)) }
        }
    }

    @Test("is refused in another layout: what is signed has one form")
    func layout() throws {
        let loose = signed(try text().replacing(",", with: ", "))
        #expect(throws: DeliveryError.notCanonical) {
            try Delivery(verifying: loose, from: machine.signing.publicKey)
        }
        #expect(throws: DeliveryError.notCanonical) { try Delivery(claimedBy: signed("")) }
    }

    @Test("is no receipt, and a receipt is none")
    func types() throws {
        let envelope = Envelope(signing: try delivery().payload, as: Receipt.payloadType, by: machine.signing)
        #expect(throws: EnvelopeError.self) { try Envelope(decoding: envelope.encoded, as: Delivery.payloadType) }
        let list = String(decoding: DeliveryList([try delivery().signed(by: machine.signing)]).encoded, as: UTF8.self)
        let changed = list.replacing("delivery+json", with: "receipt+json")
        #expect(throws: DeliveryError.self) { try DeliveryList(decoding: Array(changed.utf8)) }
    }
}

@Suite("A list of deliveries")
struct DeliveryListTests {
    private let machine = Party("machine", 3)

    private func envelope(_ text: String = "{}") -> Envelope {
        Envelope(signing: Array(text.utf8), as: Delivery.payloadType, by: machine.signing)
    }

    @Test("says what was put into it, none and several")
    func roundTrip() throws {
        for list in [DeliveryList([]), DeliveryList([envelope(), envelope(#"{"a":1}"#)])] {
            #expect(try DeliveryList(decoding: list.encoded) == list)
        }
    }

    @Test("is refused with an envelope that nobody signed, that two signed, and with what is no envelope")
    func malformed() throws {
        var twice = envelope()
        twice.sign(by: Party("other", 4).signing)
        #expect(throws: DeliveryError.self) { try DeliveryList(decoding: DeliveryList([twice]).encoded) }
        let texts = [
            #"{"version":1,"deliveries":[{}]}"#, #"{"version":2,"deliveries":[]}"#, #"{"version":1}"#, "[]", "",
            #"{"version":1,"deliveries":[],"more":true}"#,
            #"{"version":1,"deliveries":[{"payload":"e30=","#
                + #""payloadType":"application/vnd.2cvm.delivery+json","signatures":[]}]}"#,
        ]
        for text in texts {
            #expect(throws: DeliveryError.self, "\(text)") { try DeliveryList(decoding: Array(text.utf8)) }
        }
    }

    @Test("is refused with more entries than a session can have")
    func count() throws {
        let entries = [String](repeating: "{}", count: Delivery.maximumCount + 1).joined(separator: ",")
        #expect(throws: DeliveryError.self) {
            try DeliveryList(decoding: Array(#"{"version":1,"deliveries":[\#(entries)]}"#.utf8))
        }
    }
}
