import Crypto
import Foundation
import Keys
import Primitives
import Sealing
import TestSupport

extension Target {
    /// What is sealed to a session: whatever the sender wrote, and whatever became of it on the way.
    static let streams: [Target] = [
        Target("stream-header", .json, seeds: { [headerSeed] }) { bytes in
            openHeader(framed(bytes))
            let type = PayloadType(name: "application/vnd.2cvm.stream-header+json", maximumByteCount: 1024)
            guard bytes.count <= 1024 else { return }
            openHeader(framed(Envelope(signing: bytes, as: type, by: Scene.parties[0].signing).encoded))
        },
        Target("sealed-stream", seeds: { [[], [0, 0, 0], [1, 0, 1], [4, 104, 1], [20, 80, 255]] }) { bytes in
            changedStream(bytes)
        },
    ]

    private static let header = StreamHeader(
        session: Scene.sessionID, purpose: .submission, slot: "table", length: 40, salt: FixedBytes(repeating: 8))

    private static let headerSeed: [UInt8] = JSONValue.object([
        JSONMember("version", 1), JSONMember("session", .string(Scene.sessionID.description)),
        JSONMember("purpose", "submission"), JSONMember("slot", "table"), JSONMember("length", 40),
        JSONMember("salt", .string(String(repeating: "08", count: 32))), JSONMember("run", 1),
        JSONMember("binding", .string(String(repeating: "00", count: 32))),
    ]).canonicalBytes

    private static func framed(_ envelope: [UInt8]) -> [UInt8] {
        let room = StreamFormat.headerByteCount - 2
        let cut = envelope.prefix(room)
        return [UInt8(cut.count >> 8), UInt8(cut.count & 0xFF)] + cut + [UInt8](repeating: 0, count: room - cut.count)
    }

    /// Seals a header chunk as a hostile sender would, whose words nothing bounds, and opens it.
    private static func openHeader(_ chunk: [UInt8]) {
        let prologue = made("a chunk is sealed") { () -> [UInt8] in
            let suite = HPKE.Ciphersuite.XWingMLKEM768X25519_SHA256_AES_GCM_256
            let raw = Scene.session.sealing.publicKey.rawRepresentation.bytes
            let info = Data(Array("2cvm sealed v1submission".utf8) + Scene.sessionID.bytes)
            var sender = try HPKE.Sender(
                recipientKey: try XWingMLKEM768X25519.PublicKey(rawRepresentation: raw), ciphersuite: suite, info: info)
            return StreamFormat.prefix + [UInt8](sender.encapsulatedKey)
                + [UInt8](try sender.seal(chunk, authenticating: [0]))
        }
        let claimed = decoded {
            try ClaimedStream(prologue, for: .submission, in: Scene.sessionID, openedWith: Scene.session.sealing)
        }
        // The binding code is the stream's own, which nobody can guess who only writes headers.
        claim(claimed == nil, "a header that does not name its stream is refused")
    }

    private static let stream = made("a content is sealed") { () -> [UInt8] in
        var sealer = try StreamSealer(
            to: Scene.session.sealing.publicKey, header: header, signedBy: Scene.parties[0].signing)
        return sealer.prologue + (try sealer.seal([UInt8](repeating: 6, count: 40)))
    }

    /// Changes of three bytes each: a place and what is added there.
    private static func changedStream(_ edits: [UInt8]) {
        var bytes = stream
        for start in stride(from: 0, to: edits.count - edits.count % 3, by: 3) {
            bytes[(Int(edits[start]) << 8 | Int(edits[start + 1])) % bytes.count] &+= edits[start + 2]
        }
        let opened = decoded { () -> [UInt8] in
            let prologue = Array(bytes.prefix(StreamFormat.prologueByteCount))
            let claimed = try ClaimedStream(
                prologue, for: .submission, in: Scene.sessionID, openedWith: Scene.session.sealing)
            var opened = try claimed.verified(by: Scene.parties[0].signing.publicKey)
            return try opened.open(bytes[StreamFormat.prologueByteCount...])
        }
        claim((opened != nil) == (bytes == stream), "a stream opens as it was sealed, and not otherwise")
        claim(opened == nil || opened == [UInt8](repeating: 6, count: 40), "what was sealed is what opens")
    }
}
