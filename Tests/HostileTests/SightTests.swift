import Commitments
import Foundation
import Primitives
import TestSupport
import Testing

/// What a component sees of files, time and chance is a function of manifest and inputs.
@Suite("What a component sees")
struct SightTests {
    /// Two hundred mounted files whose names are in no order.
    private func crowded(_ attacks: [String]) throws -> Scene {
        var scene = try Scene.probing(attacks)
        for index in 0..<200 {
            let number = index * 83 % 200
            scene.mount("file-\(number)", "\(number)", in: "main", at: "/data/many/f\(number)")
        }
        return scene
    }

    private static let looks = [
        "preopens", "at-stat|/data|attack", "at-own-stat|/data|attack", "at-stat|/data|.", "at-own-stat|/data|many",
        "at-hash|/data|attack", "at-own-hash|/data|attack", "at-own-hash|/data|many", "at-hash|/data|many/f7",
        "at-hash|/data|many//./f7", "at-hash|/data|many/f8", "at-same|/data|attack|./attack",
        "at-same|/data|many/f7|many/f8", "at-list|/data|many", "at-flags|/data|attack", "at-list|/data|.",
        "at-read-beyond|/data|attack",
    ]

    @Test("of attributes holds no times, no host identity and one link")
    func attributes() throws {
        let size = Self.looks.joined(separator: "\n").utf8.count
        let outcomes = try crowded(Self.looks).run().report()
        #expect(outcomes["at-stat|/data|attack"] == "regular-file \(size) bytes, 1 link, 0 times")
        #expect(outcomes["at-own-stat|/data|attack"] == outcomes["at-stat|/data|attack"])
        #expect(outcomes["at-stat|/data|."] == "directory 0 bytes, 1 link, 0 times")
        #expect(outcomes["at-own-stat|/data|many"] == "directory 0 bytes, 1 link, 0 times")
        #expect(outcomes["at-hash|/data|attack"] == outcomes["at-own-hash|/data|attack"])
        #expect(outcomes["at-hash|/data|many/f7"] == outcomes["at-hash|/data|many//./f7"])
        #expect(outcomes["at-hash|/data|many/f7"] != outcomes["at-hash|/data|many/f8"])
        #expect(outcomes["at-same|/data|attack|./attack"] == "true")
        #expect(outcomes["at-same|/data|many/f7|many/f8"] == "false")
        #expect(outcomes["at-list|/data|."] == "attack:regular-file,many:directory")
    }

    @Test("of a folder is complete, and sorted by name")
    func order() throws {
        let listed = try crowded(["at-list|/data|many"]).run().report()["at-list|/data|many"]
        let names = (0..<200).map { "f\($0)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(listed == names.map { $0 + ":regular-file" }.joined(separator: ","))
    }

    @Test("is the same in two runs, byte for byte")
    func repeatable() throws {
        let attacks = Self.looks + ["clock", "sleep|3600", "random|1000", "clock", "environment", "stdin"]
        let first = try crowded(attacks).run().outputs()
        #expect(!first.isEmpty)
        #expect(try crowded(attacks).run().outputs() == first)
    }

    @Test("of descriptors and listings is bounded, and what was given back can be had again")
    func tables() throws {
        let outcomes = try Scene.probing(["exhaust-descriptors", "exhaust-cursors", "exhaust-descriptors"]).run()
            .report()
        #expect(outcomes["exhaust-descriptors"] == "insufficient-memory after 1023", "\(outcomes)")
        #expect(outcomes["exhaust-cursors"] == "insufficient-memory after 8", "\(outcomes)")
    }

    @Test("of time is its own: looks are a microsecond apart, and an hour's sleep takes no time")
    func time() throws {
        let clock = ContinuousClock()
        var outcomes: [String: String] = [:]
        let taken = try clock.measure { outcomes = try Scene.probing(["clock", "sleep|3600"]).run().report() }
        #expect(outcomes["clock"]?.hasSuffix(" +1000, +1000") == true, "\(outcomes)")
        #expect(outcomes["sleep|3600"] == "3600 s")
        #expect(taken < .seconds(60))
    }

    @Test("of chance is the key stream that every participant can compute")
    func chance() throws {
        let scene = try Scene.probing(["random|500"])
        let drawn = try scene.run().report()["random|500"]
        let label = Array("2cvm repeatable randomness v1".utf8) + [0]
        let seed = SHA256Digest(sha256: label + (try scene.manifest().digest.bytes) + Array("main".utf8)).bytes
        let stream = (0..<17).flatMap { KeyStream.block(key: seed, counter: $0) }
        #expect(drawn == Array(stream.prefix(32 + 1000)).hex)

        var other = scene
        other.purpose = "Another manifest."
        #expect(try other.run().report()["random|500"] != drawn)
    }

    @Test("of the network is nothing at all")
    func network() throws {
        let attacks = ["connect", "listen", "send", "resolve|example.com", "resolve|127.0.0.1", "resolve|localhost"]
        let outcomes = try Scene.probing(attacks).run().report()
        for attack in attacks.prefix(3) { #expect(outcomes[attack] == "access-denied", "\(attack): \(outcomes)") }
        for attack in attacks.dropFirst(3) {
            #expect(outcomes[attack] == "permanent-resolver-failure", "\(attack): \(outcomes)")
        }
    }
}

/// The block function of RFC 8439, section 2.3, with a nonce of zeros, in the words of the specification.
enum KeyStream {
    static func block(key: [UInt8], counter: UInt32) -> [UInt8] {
        let constants: [UInt32] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]
        let words = (0..<8).map { word in (0..<4).reduce(UInt32(0)) { $0 | UInt32(key[4 * word + $1]) << (8 * $1) } }
        let initial = constants + words + [counter, 0, 0, 0]
        var state = initial
        func quarterRound(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
            func step(_ x: Int, _ y: Int, _ z: Int, _ count: UInt32) {
                state[x] &+= state[y]
                let mixed = state[z] ^ state[x]
                state[z] = mixed << count | mixed >> (32 - count)
            }
            step(a, b, d, 16)
            step(c, d, b, 12)
            step(a, b, d, 8)
            step(c, d, b, 7)
        }
        for _ in 0..<10 {
            for (a, b, c, d) in [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)] {
                quarterRound(a, b, c, d)
            }
            for (a, b, c, d) in [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)] {
                quarterRound(a, b, c, d)
            }
        }
        return zip(state, initial).flatMap { word, start in
            (0..<4).map { UInt8(truncatingIfNeeded: (word &+ start) >> (8 * $0)) }
        }
    }
}
