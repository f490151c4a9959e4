import Commitments
import Crypto
import Foundation
import Primitives
import TestSupport
import Testing

/// Each file in Tests/Guests tries something and says in its first lines how that must end.
@Suite("A shim")
struct ShimTests {
    @Test("lets a guest do what its file says and nothing else", arguments: try Guest.all())
    func ending(_ guest: Guest) throws {
        let fixture = try ShimFixture(guest, logFolder: guest.description != "logs-to-nowhere")
        defer { #expect(throws: Never.self) { try fixture.remove() } }
        let (ending, words) = try fixture.run()
        let log = (try? fixture.bytes(at: "log/a/pipes/stderr")) ?? []
        #expect(ending == guest.expected, "\(words) \(String(decoding: log.prefix(200), as: UTF8.self))")
        #expect(words.contains(guest.words) || guest.words.isEmpty)
        #expect(try fixture.disturbed() == [])
    }

    @Test("shows two runs on equal files the same, whenever and in whatever order the files were made")
    func sameView() throws {
        let guest = try Guest("observes")
        let views = try [false, true].map { reversed in
            let fixture = try ShimFixture(guest, reversed: reversed)
            defer { #expect(throws: Never.self) { try fixture.remove() } }
            #expect(try fixture.run().ending == "ok")
            return try fixture.bytes(at: "out/a/output/mine")
        }
        #expect(views[0] == views[1])
        #expect(views[0].count > 1_000)
    }

    @Test("gives the key stream of ChaCha20 under the seed that all participants can compute")
    func keyStream() throws {
        let fixture = try ShimFixture(try Guest("draws"))
        defer { #expect(throws: Never.self) { try fixture.remove() } }
        #expect(try fixture.run().ending == "ok")
        let drawn = try fixture.bytes(at: "out/a/output/mine")

        let label = Array("2cvm repeatable randomness v1".utf8) + [0]
        let seed = SHA256Digest(sha256: label + fixture.manifest.digest.bytes + Array("a".utf8)).bytes
        // Sealing zeros leaves the key stream from block 1 on; block 0 is the one-time key of the tag (RFC 8439).
        let stream = try ChaChaPoly.seal(
            [UInt8](repeating: 0, count: drawn.count - 64), using: SymmetricKey(data: seed),
            nonce: try ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12)))
        #expect(drawn.count == 32 + 4096 + 4096)
        #expect(Array(drawn[64...]) == [UInt8](stream.ciphertext))
    }

    @Test("keeps the order of what is logged and what is written to the streams")
    func logOrder() throws {
        let fixture = try ShimFixture(try Guest("logs"))
        defer { #expect(throws: Never.self) { try fixture.remove() } }
        #expect(try fixture.run().ending == "ok")
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        let line = (0..<10_000).map { alphabet[$0 % 26] }
        let expected = Array("one\ntwo\n".utf8) + line + Array("\nthree\n\n".utf8)
        #expect(
            try fixture.bytes(at: "log/a/pipes/stderr") == expected + Array(String(repeating: "x\n", count: 2_000).utf8)
        )
        #expect(try fixture.bytes(at: "log/a/pipes/stdout") == Array("out\n".utf8))
    }
}

/// What is checked in is what the sources give.
@Suite("The shims' products")
struct ShimProductTests {
    private static let products = ["attenuator.wasm", "determinist.wasm", "host-world.prefix", "refused-exit.wasm"]

    @Test("are what their sources give under the recorded compiler")
    func rebuild() throws {
        let recorded = try String(contentsOf: Repository.root.appending(path: "Shims/COMPILER"), encoding: .utf8)
        let present = try Script.run("shims", "--compiler")
        guard recorded == present else {
            try Test.skip("the shims were built with \(recorded), and here is \(present)")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-shims-\(UUID().uuidString)")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        try Script.run("shims", folder.path)
        let resources = Repository.root.appending(path: "Sources/Composition/Resources")
        for product in Self.products {
            let rebuilt = try Data(contentsOf: folder.appending(path: product))
            #expect(try Data(contentsOf: resources.appending(path: product)) == rebuilt, "\(product) differs")
        }
    }

    @Test("hold each placeholder once, and use no feature that the engine has off")
    func placeholders() throws {
        let resources = Repository.root.appending(path: "Sources/Composition/Resources")
        let placeholders = ["attenuator.wasm": "@@SETTINGS@@", "determinist.wasm": "@@SEED@@@@SEED@@@@SEED@@@@SEED@@"]
        for (product, placeholder) in placeholders {
            let bytes = [UInt8](try Data(contentsOf: resources.appending(path: product)))
            let pattern = Array(placeholder.utf8)
            let places = bytes.indices.dropLast(pattern.count).filter { bytes[$0...].starts(with: pattern) }
            #expect(places.count == 1, "\(product)")
            #expect(try WasmTools.refusal(of: bytes) == nil)
        }
    }
}
