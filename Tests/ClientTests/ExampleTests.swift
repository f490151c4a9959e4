import Foundation
import TestSupport
import Testing

@Suite("The client library's documentation")
struct ExampleTests {
    @Test("shows an example that compiles")
    func sameText() throws {
        let source = try text("Tests/ClientTests/Example.swift")
        let example = try #require(part(of: source, from: "// example: begin\n", to: "// example: end"))
        #expect(try text("docs/CLIENT.md").contains("```swift\n" + example + "```"))
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }

    private func part(of text: String, from begin: String, to end: String) -> String? {
        guard let first = text.range(of: begin), let last = text.range(of: end) else { return nil }
        return String(text[first.upperBound..<last.lowerBound])
    }
}
