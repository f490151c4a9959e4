import Keys
import Primitives
import Testing

@Suite("Key files")
struct KeyFileTests {
    private let keys = PrivateKeys(
        signingSeed: seed(String(repeating: "5c", count: 32)), sealingSeed: seed(String(repeating: "c5", count: 32)))
    private let passphrase = Array("correct horse".utf8)

    private func locked() throws -> LockedKeys {
        try LockedKeys(locking: keys, with: passphrase, randomness: FixedBytes(repeating: 7), workFactor: 14)
    }

    @Test("gives back the keys that it holds")
    func open() throws {
        guard case .open(let read) = try KeyFile(decoding: KeyFile.open(keys).encoded) else {
            Issue.record("an open file was read as locked")
            return
        }
        #expect(read.signing.publicKey == keys.signing.publicKey)
        #expect(read.sealing.publicKey == keys.sealing.publicKey)
    }

    @Test("opens with its passphrase and with no other")
    func passphrases() throws {
        let encoded = KeyFile.locked(try locked()).encoded
        #expect(!String(decoding: encoded, as: UTF8.self).contains("5c5c"))
        guard case .locked(let read) = try KeyFile(decoding: encoded) else {
            Issue.record("a locked file was read as open")
            return
        }
        #expect(try read.unlocked(with: passphrase).signing.publicKey == keys.signing.publicKey)
        for wrong in ["correct horsf", "Correct horse", "correct horse ", "x"] {
            #expect(throws: KeyFileError.wrongPassphrase) { try read.unlocked(with: Array(wrong.utf8)) }
        }
        #expect(throws: KeyFileError.emptyPassphrase) { try read.unlocked(with: []) }
        #expect(throws: KeyFileError.passphraseTooLong) {
            try read.unlocked(with: [UInt8](repeating: 0x61, count: 1025))
        }
        #expect(throws: KeyFileError.emptyPassphrase) {
            try LockedKeys(locking: keys, with: [], randomness: FixedBytes(repeating: 7), workFactor: 14)
        }
    }

    @Test("refuses a locked file that was changed", arguments: ["salt", "nonce", "sealed", "workFactor"])
    func changed(_ member: String) throws {
        guard case .object(var members) = try locked().json else { return }
        let index = try #require(members.firstIndex { $0.name == member })
        switch members[index].value {
        case .string(let text): members[index] = JSONMember(member, .string("f" + text.dropFirst()))
        default: members[index] = JSONMember(member, 15)
        }
        let value: JSONValue = ["version": 1, "passphrase": .object(members)]
        guard case .locked(let read) = try KeyFile(decoding: value.canonicalBytes) else { return }
        #expect(throws: KeyFileError.wrongPassphrase) { try read.unlocked(with: passphrase) }
    }

    @Test("refuses parameters out of bounds before any work", arguments: [0, 13, 21, 63, -1])
    func bounds(_ workFactor: Int) throws {
        let text = String(decoding: KeyFile.locked(try locked()).encoded, as: UTF8.self)
            .replacing("\"workFactor\": 14", with: "\"workFactor\": \(workFactor)")
        #expect(throws: KeyFileError.self) { try KeyFile(decoding: Array(text.utf8)) }
    }

    @Test("refuses a locked file of another form")
    func otherForm() throws {
        let text = String(decoding: KeyFile.locked(try locked()).encoded, as: UTF8.self)
        #expect(throws: Never.self) { try KeyFile(decoding: Array(text.utf8)) }
        for form in ["scrypt-aes128gcm", "", "SCRYPT-AES256GCM"] {
            let other = text.replacing("scrypt-aes256gcm", with: form)
            #expect(throws: KeyFileError.self) { try KeyFile(decoding: Array(other.utf8)) }
        }
        let more = text.replacing("{\n", with: "{\n\"signingSeed\": \"x\",\n", maxReplacements: 1)
        #expect(throws: KeyFileError.self) { try KeyFile(decoding: Array(more.utf8)) }
    }

    @Test("refuses other shapes and never repeats what it read")
    func shapes() throws {
        let text = String(decoding: KeyFile.open(keys).encoded, as: UTF8.self)
        let wrong = [
            "", "{}", text.replacing("\"version\": 1", with: "\"version\": 2"),
            text.replacing("5c5c5c5c", with: "5C5C5C5C"), text.replacing("5c5c", with: ""),
            text.replacing("{\n", with: "{\n\"name\": \"x\",\n"), text + text,
            text.replacing("}", with: ", \"passphrase\": {}}"), String(repeating: " ", count: 5000) + text,
        ]
        for text in wrong {
            let error = #expect(throws: KeyFileError.self, "\(text)") { try KeyFile(decoding: Array(text.utf8)) }
            #expect(error?.message.contains("5c5c") == false)
        }
    }
}
