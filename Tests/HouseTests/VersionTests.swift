import Foundation
import TestSupport
import Testing

/// One engine, wherever it is named.
@Suite("The engine's version")
struct VersionTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }

    @Test("is the same in the script that fetches it, in receipts and in --version")
    func agree() throws {
        let fetched = try #require(try text("scripts/setup").firstMatch(of: /wasmtime_version=([0-9.]+)/))
        for path in ["Sources/AgentService/Program/AgentProgram.swift", "Sources/twocvm/Version.swift"] {
            let named = try #require(try text(path).firstMatch(of: /engine = "wasmtime ([0-9.]+)"/))
            #expect(named.1 == fetched.1, "\(path)")
        }
    }
}
