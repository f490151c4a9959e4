import Foundation
import TestSupport
import Testing

/// The table of docs/ARCHITECTURE.md that takes a newcomer through the house.
@Suite("A newcomer's walk")
struct WalkTests {
    @Test(
        "passes files that there are, none of them twice",
        arguments: ["submission's body", "manifest", "report", "nonce", "verdict"])
    func rows(_ thing: String) throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/ARCHITECTURE.md"), encoding: .utf8)
        let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| a \(thing) |") })
        let files = row.matches(of: /\]\(\.\.\/(Sources\/[^)]+)\)/).map { String($0.1) }
        #expect(files.count > 4 && Set(files).count == files.count)
        for file in files {
            #expect(FileManager.default.fileExists(atPath: Repository.root.appending(path: file).path), "\(file)")
        }
    }
}
