import Crypto
import Keys
import Platform
import Primitives
import Sealing

/// What a sealed stream costs over the cipher that it is made of, on one core and in memory: nanoseconds of sealing
/// and opening a content, and of AES-256-GCM alone over the same pieces by the same library, as one JSON object.
///
///     sealing-benchmark MEBIBYTES ROUNDS
///
/// All four take each piece in turn, so that a disturbance meets them alike.
@main
struct SealingBenchmark {
    static func main() throws {
        let words = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard words.count == 2, 1...4096 ~= words[0], 1...1000 ~= words[1] else {
            return try NamedFile.writeStandardError(Array("usage: sealing-benchmark MEBIBYTES ROUNDS\n".utf8))
        }
        // As the agent does: otherwise each piece is memory that the kernel clears first.
        MachineMemory.keepFreedBlocks()
        // The first round warms caches, and is not told.
        _ = try round(byteCount: words[0] << 20)
        let rounds = try (0..<words[1]).map { _ in try round(byteCount: words[0] << 20) }
        func times(_ part: KeyPath<Times, Duration>) -> JSONValue {
            .array(rounds.map { .integer(Int($0[keyPath: part] / .nanoseconds(1))) })
        }
        let told: JSONValue = [
            "seal": times(\.seal), "open": times(\.open), "cipherSeal": times(\.cipherSeal),
            "cipherOpen": times(\.cipherOpen),
        ]
        print(String(decoding: told.canonicalBytes, as: UTF8.self))
    }

    private struct Times {
        var seal = Duration.zero
        var open = Duration.zero
        var cipherSeal = Duration.zero
        var cipherOpen = Duration.zero
    }

    /// One stream, from both ends, and as many pieces by the cipher.
    private static func round(byteCount: Int) throws -> Times {
        let recipient = SealingKey(seed: SecretSeed(FixedBytes(repeating: 1)))
        let sender = SigningKey(seed: SecretSeed(FixedBytes(repeating: 2)))
        let header = StreamHeader(
            session: FixedBytes(repeating: 3), purpose: .submission, slot: "content", length: byteCount,
            salt: FixedBytes(repeating: 4))
        let chunk = [UInt8](repeating: 5, count: StreamFormat.chunkByteCount)
        let key = SymmetricKey(size: .bits256)
        var times = Times()

        let (sealer, begun) = try timed { try StreamSealer(to: recipient.publicKey, header: header, signedBy: sender) }
        let (opener, claimed) = try timed {
            try ClaimedStream(sealer.prologue, for: .submission, in: header.session, openedWith: recipient)
                .verified(by: sender.publicKey)
        }
        times.seal += begun
        times.open += claimed
        var (sealing, opening) = (sealer, opener)
        while sealing.nextContentByteCount != nil {
            let (sealed, sealTime) = try timed { try sealing.seal(chunk) }
            let (opened, openTime) = try timed { try opening.open(sealed) }
            let (box, boxTime) = try timed { try AES.GCM.seal(chunk, using: key, authenticating: [1]) }
            let (content, contentTime) = try timed { try AES.GCM.open(box, using: key, authenticating: [1]) }
            precondition(opened == chunk && content.elementsEqual(chunk), "what was sealed opens")
            times.seal += sealTime
            times.open += openTime
            times.cipherSeal += boxTime
            times.cipherOpen += contentTime
        }
        return times
    }

    private static func timed<Value>(_ body: () throws -> Value) rethrows -> (Value, Duration) {
        let start = ContinuousClock.now
        let value = try body()
        return (value, start.duration(to: .now))
    }
}
