import Commitments
import Execution
import Formats
import Foundation
import Platform
import Primitives
import TestSupport
import Testing

/// Outputs through the real gate, and through one that was taken over.
@Suite("Gates")
struct GatesTests {
    private let place = Place()

    private static let table: JSONValue = [
        "kind": "csv", "maximumRows": 3,
        "columns": [
            ["name": "region", "type": "text", "values": ["north", "south"]],
            ["name": "patients", "type": "integer", "minimum": 0, "maximum": 1000],
        ],
    ]
    private static let digits: JSONValue = ["kind": "text", "maximumCharacters": 8, "characters": "digits"]

    private func pass(
        _ scene: GateScene, _ contents: [String], diagnostics: Bool = true, beside worker: String? = nil,
        noise keys: [Name: FixedBytes<32>] = [:]
    ) throws -> (released: [String], failure: FailureReason?, findings: [Name: GateFinding]) {
        let settings = ExecutionSettings(
            worker: try worker ?? Program.sibling("2cvm-worker"), policy: .reported, diagnostics: diagnostics,
            temporaryParent: place.path)
        let manifest = try scene.manifest()
        let gates = try Gates.prepare(for: manifest, settings)
        let outputs = try zip(manifest.outputs, contents).map { output, content in
            let path = "\(place.path)/\(output.name).content"
            try content.write(toFile: path, atomically: false, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: path) }
            return CollectedOutput(
                name: output.name, byteCount: content.utf8.count, file: try RegularFile(path: path))
        }
        let (outcome, findings) = try gates.release(outputs, noise: keys)
        gates.drop()
        #expect(place.names.filter { $0.hasPrefix("2cvm-job") } == [], "a gate leaves no folder")
        switch outcome {
        case .failed(let reason): return ([], reason, findings)
        case .completed(let released):
            let texts = try released.map { String(decoding: try $0.read(upTo: $0.byteCount, at: 0), as: UTF8.self) }
            return (texts, nil, findings)
        }
    }

    @Test("write what fits anew, in one form")
    func release() throws {
        let messy = "patients,region\r\n\"07\",south\r\n1.2e1,\"north\"\r\n"
        let passed = try pass(GateScene(("table", Self.table)), [messy])
        #expect(passed.released == ["region,patients\nnorth,12\nsouth,7\n"])
        let name = try #require(Name("table"))
        guard case .passed(let report)? = passed.findings[name] else { Issue.record("no report"); return }
        #expect(report.rows == 2)
    }

    @Test("let nothing out that does not fit, and say where in a rehearsal alone")
    func refuse() throws {
        let content = "region,patients\nnorth,1\nwest,2\n"
        let name = try #require(Name("table"))
        guard case .outputRefused(name, let refusal?) = try pass(GateScene(("table", Self.table)), [content]).failure
        else { Issue.record("not refused"); return }
        #expect(refusal.code == "format.cell")
        #expect(refusal.message == "row 2, column region: expected one of the 2 values of the format")
        let sealed = try pass(GateScene(("table", Self.table)), [content], diagnostics: false)
        #expect(sealed.failure == .outputRefused(name, nil))
        #expect(sealed.findings == [:])
    }

    @Test("let all outputs out or none")
    func together() throws {
        let scene = GateScene(("free", "any"), ("first", Self.digits), ("second", Self.digits))
        #expect(try pass(scene, ["\u{0}", "12", "34"]).released == ["\u{0}", "12", "34"])
        let refused = try pass(scene, ["\u{0}", "12", "x"])
        #expect(refused.released == [])
        #expect(refused.failure?.code == "run.output.refused")
    }

    @Test("cut a log, and refuse none")
    func logs() throws {
        var scene = GateScene(("words", Self.digits))
        scene.logs = ["words"]
        #expect(try pass(scene, ["1\u{1B}2é3\n456789"]).released == ["1?2?3\n45"])
    }

    @Test("serve more outputs than wait beside the worker")
    func many() throws {
        let outputs = (0..<18).map { ("o\($0)", Self.digits) }
        let passed = try pass(GateScene(outputs), (0..<18).map { "\($0)" })
        #expect(passed.released == (0..<18).map { "\($0)" })
    }

    @Test("draw noise from the key that they are given, and do nothing without it")
    func noise() throws {
        var scene = GateScene(("table", Self.table))
        scene.noise = [["column": "patients", "mechanism": "discrete-laplace", "scale": "50", "sensitivity": "1"]]
        let content = "region,patients\nnorth,500\nsouth,400\n"
        let name = try #require(Name("table"))
        func released(_ key: UInt8) throws -> [String] {
            try pass(scene, [content], noise: [name: FixedBytes(repeating: key)]).released
        }
        let one = try released(1)
        #expect(one != [content])
        #expect(try released(1) == one)
        #expect(try released(2) != one)
        #expect(throws: ExecutionError.inputsMissing(count: 1)) { try pass(scene, [content]) }
    }

    @Test(
        "that were taken over let out nothing but what the format allows",
        arguments: [
            "write:out/gate/released:4 byte:128", "byte:128", "byte:255", "write:out/gate/released:100 byte:128",
            "link:out/gate/released byte:128", "folder:out/gate/released byte:128",
            "second:out/gate/released:in/gate/content byte:128", "write:out/gate/extra:1 byte:128",
            "pipe:out/gate/released byte:128", "say:100000 byte:128", "try:abort_itself", "byte:129",
        ])
    func hostile(_ words: String) throws {
        let folder = "\(place.path)/programs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/2cvm-gate", withDestinationPath: try Program.sibling("wall-probe"))
        let scene = GateScene(("digits", Self.digits), maximumBytes: 90)
        let passed = try pass(scene, ["script \(words)"], beside: "\(folder)/2cvm-worker")
        #expect(passed.released == [])
        let name = try #require(Name("digits"))
        let reasons: [FailureReason] = [
            .gateFailed(name), .outputRefused(name, nil), .outputTooLarge(name, maximumBytes: 90),
        ]
        #expect(passed.failure.map(reasons.contains) == true)
    }
}

/// A manifest of outputs alone: what their code would be is not asked here.
struct GateScene {
    var outputs: [(name: String, format: JSONValue)]
    var maximumBytes = 1000
    var logs: Set<String> = []
    /// Of the first output.
    var noise: JSONValue?

    init(_ outputs: (String, JSONValue)..., maximumBytes: Int = 1000) {
        self.init(outputs)
        self.maximumBytes = maximumBytes
    }

    init(_ outputs: [(String, JSONValue)]) {
        self.outputs = outputs.map { (name: $0.0, format: $0.1) }
    }

    func manifest() throws -> Manifest {
        let lab = Party("lab", 1)
        var draft = ManifestFixture([lab])
        draft.components = [
            ManifestFixture.component("code", of: lab, FixedBytes(repeating: 0), maximumBytes: 1, memoryMiB: 1)
        ]
        draft.data = [ManifestFixture.data("rows", of: lab, maximumBytes: 1)]
        draft.outputs = outputs.enumerated().map { index, output in
            ManifestFixture.output(
                output.name, to: [lab], format: output.format, maximumBytes: maximumBytes,
                more: index == 0 ? noise.map { [JSONMember("noise", $0)] } ?? [] : [])
        }
        draft.channels = [ManifestFixture.mount("rows", in: "code", at: "/rows")]
        draft.channels += outputs.map { output in
            logs.contains(output.name)
                ? ManifestFixture.log(output.name, of: "code", "stdout")
                : ManifestFixture.release(output.name, of: "code", at: "/output/\(output.name)")
        }
        draft.run.component = "code"
        return try draft.manifest()
    }
}
