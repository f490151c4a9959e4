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
        for path in ["Sources/AgentService/Program/AgentProgram.swift", "Sources/CommandOptions/Version.swift"] {
            let named = try #require(try text(path).firstMatch(of: /engine = "wasmtime ([0-9.]+)"/))
            #expect(named.1 == fetched.1, "\(path)")
        }
    }
}

/// What a machine must have, wherever it is said.
@Suite("The packages that are needed")
struct PackageListTests {
    @Test("are the same in README, which a fresh machine is made from, and in what runs before a change lands")
    func agree() throws {
        func text(_ path: String) throws -> String {
            try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
        }
        func words(_ text: Substring) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
        let install = /\$ sudo apt-get install --no-install-recommends (.*)/
        let stated = try #require(try text("README.md").firstMatch(of: install))
        let installed = try #require(try text(".ci/run").firstMatch(of: /needed=\(([^)]*)\)/))
        #expect(words(stated.1).count > 5)
        #expect(words(stated.1) == words(installed.1))
    }
}
