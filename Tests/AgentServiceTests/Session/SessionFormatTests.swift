import AgentAPI
import AgentService
import Lifecycle
import Primitives
import Testing

/// What data may come in and what outputs may leave, by their formats.
@Suite("Formats in a session", .timeLimit(.minutes(5)))
struct SessionFormatTests {
    private static let table: JSONValue = [
        "kind": "csv", "maximumRows": 100,
        "columns": [
            ["name": "region", "type": "text", "values": ["north", "south"]],
            ["name": "patients", "type": "integer", "minimum": 0, "maximum": 1000],
        ],
    ]

    @Test("refuse data that is something else, and leave its slot open")
    func data() async throws {
        var scene = try SessionScene()
        scene.dataFormat = Self.table
        scene.pinsData = false
        let host = try await scene.lockedHost()
        for content in ["region,patients\nnorth,many\n", "region\nnorth\n", "region,patients\nnorth,\"1\n", ""] {
            scene.data = Array(content.utf8)
            await #expect(throws: AgentError.formatDiffers) {
                try await scene.submit(scene.dataStream(to: host), to: host)
            }
        }
        #expect(host.status.filledSlots == 0)
        await scene.place.empties()
        scene.data = Array("region,patients\nnorth,1\n".utf8)
        #expect(try await scene.submit(scene.dataStream(to: host), to: host).filledSlots == 1)
    }

    @Test("let an output out in its one form")
    func releases() async throws {
        var scene = try SessionScene()
        scene.outputFormat = Self.table
        scene.data = Array("patients,region\r\n 7,south\r\n".replacing(" ", with: "0").utf8)
        scene.data += Array("12.0,\"north\"\r\n".utf8)
        let host = try await scene.finished()
        let clinic = try await scene.outputs(of: scene.clinic, from: host)
        #expect(clinic.outputs == [Array("region,patients\nnorth,12\nsouth,7\n".utf8)])
        #expect(clinic.receipt.ending == .completed)
    }

    @Test("let nothing out that is something else, and tell nobody why")
    func refuses() async throws {
        var scene = try SessionScene()
        scene.outputFormat = Self.table
        let host = try await scene.finished()
        for party in scene.parties {
            let received = try await scene.outputs(of: party, from: host)
            #expect(received.receipt.ending == .failed)
            #expect(received.outputs == [] && received.notice == "")
        }
        let fitting = try SessionScene()
        let other = try await fitting.finished()
        let sizes = try await (
            scene.outputs(of: scene.auditor, from: host).streamByteCount,
            fitting.outputs(of: fitting.auditor, from: other).streamByteCount
        )
        #expect(sizes.0 == sizes.1, "refused and released look alike from outside")
    }

    @Test("draw the same noise in every session of one manifest and data, and other noise with another salt")
    func noise() async throws {
        var scene = try SessionScene()
        scene.outputFormat = Self.table
        scene.noise = [["column": "patients", "mechanism": "discrete-laplace", "scale": "40", "sensitivity": "1"]]
        scene.data = Array("region,patients\nnorth,400\nsouth,600\n".utf8)
        scene.pinsData = false
        func released() async throws -> [[UInt8]] {
            try await scene.outputs(of: scene.clinic, from: scene.finished()).outputs
        }
        let one = try await released()
        #expect(one.count == 1 && one != [scene.data])
        #expect(try await released() == one)
        scene.salt = FixedBytes(repeating: 0x78)
        #expect(try await released() != one)
    }
}
