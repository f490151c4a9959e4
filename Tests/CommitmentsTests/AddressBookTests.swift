import Commitments
import Keys
import Primitives
import TestSupport
import Testing

@Suite("The address book, and what else lies in files")
struct AddressBookTests {
    private let key = ManifestExample.keys[0].signing.publicKey
    private let other = ManifestExample.keys[1].signing.publicKey

    @Test("never lets a new key take the place of a known one")
    func replaced() throws {
        let name = try #require(Name("hospital-a"))
        var book = AddressBook()
        let first = try book.trust(key, as: name)
        let second = try book.trust(key, as: name)
        #expect(first && !second)
        #expect(throws: AddressBookError.otherKey(name, known: key)) {
            var copy = book
            _ = try copy.trust(other, as: name)
        }
        #expect(book.keys == [name: key])
        let wasKnown = book.forget(name)
        let isKnown = book.forget(name)
        #expect(wasKnown && !isKnown)
        let third = try book.trust(other, as: name)
        #expect(third)
    }

    @Test("takes 4,096 names and no more, and still knows those that it has")
    func full() throws {
        var book = AddressBook()
        for index in 0..<4096 { _ = try book.trust(key, as: try #require(Name("p\(index)"))) }
        #expect(throws: AddressBookError.full) {
            var copy = book
            _ = try copy.trust(key, as: try #require(Name("one-more")))
        }
        let isNew = try book.trust(key, as: try #require(Name("p4095")))
        #expect(!isNew)
        #expect(try AddressBook(decoding: book.encoded).keys.count == 4096)
    }

    @Test("knows a participant by name and key together")
    func standing() throws {
        let participants = try ManifestExample.manifest().participants
        var book = AddressBook()
        #expect(book.standing(of: participants[0]) == .unknown)
        _ = try book.trust(key, as: participants[0].name)
        #expect(book.standing(of: participants[0]) == .trusted)
        _ = try book.trust(key, as: participants[1].name)
        #expect(book.standing(of: participants[1]) == .contradicted(known: key))
    }

    @Test("reads back what it wrote and refuses other forms")
    func coding() throws {
        var book = AddressBook()
        _ = try book.trust(key, as: try #require(Name("b")))
        _ = try book.trust(other, as: try #require(Name("a")))
        #expect(try AddressBook(decoding: book.encoded) == book)
        let entry = #"{"name":"a","signingKey":"\#(key.didKey)"}"#
        for text in [
            "", "[]", #"{"version":1}"#, #"{"version":2,"participants":[]}"#, #"{"version":1,"participants":[],"x":1}"#,
            #"{"version":1,"participants":[\#(entry),\#(entry)]}"#, #"{"version":1,"participants":[{"name":"a"}]}"#,
            #"{"version":1,"participants":[{"name":"A","signingKey":"\#(key.didKey)"}]}"#,
        ] {
            #expect(throws: AddressBookError.self, "\(text)") { try AddressBook(decoding: Array(text.utf8)) }
        }
    }

    @Test("reads a participant's file and nothing more")
    func participants() throws {
        let participant = try ManifestExample.manifest().participants[0]
        #expect(try Participant(decoding: participant.json.indentedBytes) == participant)
        for value in [
            participant.json.setting("sealingKey", to: nil), participant.json.setting("extra", to: 1),
            participant.json.setting("name", to: "Hospital"), ManifestExample.value, [participant.json], .null,
        ] {
            #expect(throws: ManifestError.self) { try Participant(decoding: value.canonicalBytes) }
        }
    }

    @Test("commits to content as the format says, in pieces of any size")
    func commitments() throws {
        let salt = FixedBytes<32>(repeating: 0x11)
        var whole = ContentHasher(salt: salt, byteCount: 5)
        whole.update(Array("hello".utf8))
        var pieces = ContentHasher(salt: salt, byteCount: 5)
        for byte in Array("hello".utf8) { pieces.update([byte]) }
        let layout = Array("2cvm content v1".utf8) + [0] + salt.bytes + [0, 0, 0, 0, 0, 0, 0, 5] + Array("hello".utf8)
        #expect(whole.finalize() == SHA256Digest(sha256: layout))
        #expect(pieces.finalize() == whole.finalize())
        #expect(ContentHasher(salt: salt, byteCount: 0).finalize() != nil)
    }

    @Test("commits to nothing when the length was not true")
    func wrongLength() {
        var short = ContentHasher(salt: FixedBytes(repeating: 0), byteCount: 6)
        short.update(Array("hello".utf8))
        #expect(short.finalize() == nil)
        var long = ContentHasher(salt: FixedBytes(repeating: 0), byteCount: 4)
        long.update(Array("hello".utf8))
        #expect(long.finalize() == nil)
    }
}
