import Crypto
import FoundationEssentials
import Keys
import Primitives
import Sealing
import Testing

/// Headers by somebody who has every key that a sender has, and writes what no sender of ours would.
@Suite("Hostile headers")
struct HostileHeaderTests {
    private let session = SHA256Digest(sha256: Array("session".utf8))
    private let machine = SealingKey(seed: SecretSeed(FixedBytes(repeating: 5)))
    private let sender = SigningKey(seed: SecretSeed(FixedBytes(repeating: 6)))

    private var members: [JSONMember] {
        [
            JSONMember("length", 3), JSONMember("purpose", "submission"),
            JSONMember("salt", .string(String(repeating: "07", count: 32))),
            JSONMember("session", .string(session.description)), JSONMember("slot", "rows"), JSONMember("version", 1),
        ]
    }

    private func changed(_ name: String, to value: JSONValue?) -> [JSONMember] {
        let others = members.filter { $0.name != name }
        return value.map { others + [JSONMember(name, $0)] } ?? others
    }

    /// Opens a stream whose header has these members, bound to it and signed as a header is.
    ///
    /// - Parameters:
    ///   - members: what the binding code covers.
    ///   - spelled: the payload, of the canonical form's text.
    ///   - placed: the chunk, of the signed envelope.
    private func open(
        _ members: [JSONMember], spelled: (String) -> String = { $0 }, placed: ([UInt8]) -> [UInt8] = Self.placed
    ) throws -> StreamHeader {
        var hpke = try HPKE.Sender(
            recipientKey: try XWingMLKEM768X25519.PublicKey(
                rawRepresentation: machine.publicKey.rawRepresentation.bytes),
            ciphersuite: .XWingMLKEM768X25519_SHA256_AES_GCM_256,
            info: Data(Array("2cvm sealed v1submission".utf8) + session.bytes))
        let secret = try hpke.exportSecret(context: Data("2cvm header binding v1".utf8), outputByteCount: 32)
        let code = HMAC<SHA256>.authenticationCode(for: JSONValue.object(members).canonicalBytes, using: secret)
        let bound = JSONValue.object(members + [JSONMember("binding", .string(Array(code).hex))])
        let payload = spelled(String(decoding: bound.canonicalBytes, as: UTF8.self))
        let type = PayloadType(name: "application/vnd.2cvm.stream-header+json", maximumByteCount: 1024)
        let envelope = Envelope(signing: Array(payload.utf8), as: type, by: sender).encoded
        let chunk = try hpke.seal(placed(envelope), authenticating: [0])
        let prologue = StreamFormat.prefix + [UInt8](hpke.encapsulatedKey) + [UInt8](chunk)
        return try ClaimedStream(prologue, for: .submission, in: session, openedWith: machine)
            .verified(by: sender.publicKey).header
    }

    /// Length, envelope, zeros.
    private static func placed(_ envelope: [UInt8]) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: StreamFormat.headerByteCount - 2 - envelope.count)
        return [UInt8(envelope.count >> 8), UInt8(envelope.count & 0xFF)] + envelope + zeros
    }

    private func refusal(
        _ members: [JSONMember], spelled: (String) -> String = { $0 }, placed: ([UInt8]) -> [UInt8] = Self.placed
    ) throws -> SealingError? {
        do {
            _ = try open(members, spelled: spelled, placed: placed)
            return nil
        } catch let error as SealingError {
            return error
        }
    }

    @Test("open where they say what a header says")
    func opens() throws {
        let header = try open(members)
        #expect(header.slot == "rows" && header.length == 3 && header.run == nil)
    }

    @Test("are refused in any other spelling of the same words")
    func spelling() throws {
        #expect(try refusal(members) { $0.replacing(",", with: ", ") } == .malformedHeader(nil))
        #expect(try refusal(members) { $0.replacing("rows", with: "\\u0072ows") } == .malformedHeader(nil))
        #expect(try refusal(members) { $0.replacing("\"length\":3", with: "\"length\":3.0") } != nil)
        #expect(try refusal(members) { "[" + $0 + "]" } != nil)
        #expect(try refusal(members) { $0 + " " } == .malformedHeader(nil))
    }

    @Test("are refused with a value that no header has")
    func values() throws {
        let wrong: [(String, JSONValue?)] = [
            ("version", 2), ("version", nil), ("length", -1), ("length", .integer(1 << 40 + 1)), ("length", nil),
            ("slot", .string(String(repeating: "x", count: 65))), ("slot", nil), ("purpose", "answers"),
            ("salt", "07"), ("salt", nil), ("session", "00"), ("session", nil), ("run", 0), ("run", 2), ("more", 1),
        ]
        for (name, value) in wrong {
            guard case .malformedHeader(.some)? = try refusal(changed(name, to: value)) else {
                Issue.record("\(name) as \(String(describing: value))")
                continue
            }
        }
    }

    @Test("are refused for another session or purpose, though they open in this one")
    func elsewhere() throws {
        let other = SHA256Digest(sha256: [1]).description
        #expect(try refusal(changed("session", to: .string(other))) == .otherSession)
        #expect(try refusal(changed("purpose", to: "lock")) == .otherSession)
    }

    @Test("are refused where their place holds anything else")
    func place() throws {
        #expect(try refusal(members, placed: { Self.placed($0).dropLast() + [1] }) == .malformedHeader(nil))
        #expect(try refusal(members, placed: { [0xFF, 0xFF] + Self.placed($0).dropFirst(2) }) == .malformedHeader(nil))
        #expect(try refusal(members, placed: { [0, 0] + Self.placed($0).dropFirst(2) }) == .malformedHeader(nil))
        for chunk in [[], [UInt8](repeating: 0, count: StreamFormat.headerByteCount)] as [[UInt8]] {
            #expect(try refusal(members, placed: { _ in chunk }) != nil)
        }
    }
}
