import Foundation
import TestSupport
import Testing

/// The rules of the house that a machine can hold.
@Suite("The house is tidy")
struct TidyTests {
    @Test("no file is longer than its first reader can bear")
    func fileLengths() throws {
        for file in try SourceTree.everySwiftFile() {
            let most = file.isTest ? 500 : 400
            #expect(file.lines.count <= most, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("the median file is short")
    func medianLength() throws {
        let counts = try SourceTree.swiftFiles(below: "Sources").map(\.lines.count).sorted()
        let median = try #require(counts.isEmpty ? nil : counts[counts.count / 2])
        #expect(median <= 120)
    }

    @Test("no line is over 120 characters and no function over 70 lines")
    func lineAndFunctionLengths() throws {
        for file in try SourceTree.everySwiftFile() {
            for (index, line) in file.lines.enumerated() {
                #expect(line.count <= 120, "\(file.path):\(index + 1) has \(line.count) characters")
            }
            for function in functions(of: file) {
                #expect(function.count <= 70, "\(file.path):\(function.lowerBound + 1) has \(function.count) lines")
            }
        }
    }

    @Test("unsafe code stays in its two zones")
    func unsafeZones() throws {
        let zones = ["Sources/Platform/", "Sources/SEVGuest/", "Sources/Boot/", "Sources/Wasmtime/"]
        // Native code that is measured, memory that guests hand over, and tests that break what must hold.
        let outside = ["Benchmarks/Compute/NativeKernels.swift", "Guests/Swift/Memory.swift", "Tests/"]
        for file in try SourceTree.everySwiftFile() where !(zones + outside).contains(where: file.path.hasPrefix) {
            for (index, line) in file.code.enumerated() {
                #expect(!line.contains(/\bunsafe\b/), "\(file.path):\(index + 1) says unsafe")
            }
        }
    }

    @Test("nothing can crash where it could throw")
    func noCrashes() throws {
        let banned = [/\btry!/, /\bfatalError\(/, /@unchecked Sendable/, /\)!(?:\.|$|\s)/, /\bas!\s/]
        for file in try SourceTree.swiftFiles(below: "Sources") {
            for (index, line) in file.code.enumerated() {
                for pattern in banned {
                    #expect(!line.contains(pattern), "\(file.path):\(index + 1): \(line)")
                }
            }
        }
    }

    @Test("no name hides what a thing is")
    func bannedNames() throws {
        let declaration = /\b(?:struct|enum|class|actor|protocol|func|typealias) \w*(?:[Mm]anager|[Hh]elper|[Uu]tils)/
        for file in try SourceTree.everySwiftFile() {
            for (index, line) in file.code.enumerated() {
                #expect(!line.contains(declaration), "\(file.path):\(index + 1): \(line)")
            }
        }
    }

    @Test("no module shares its name with a type")
    func moduleNames() throws {
        let modules = Set(try SourceTree.targets())
        for file in try SourceTree.swiftFiles(below: "Sources") {
            for line in file.code {
                guard let match = line.firstMatch(of: /\b(?:struct|enum|class|actor|protocol) (\w+)/) else { continue }
                #expect(!modules.contains(String(match.1)), "\(file.path) declares \(match.1)")
            }
        }
    }

    @Test("a target has at most one level of folders")
    func folderDepth() throws {
        for file in try SourceTree.swiftFiles(below: "Sources") {
            #expect(file.path.split(separator: "/").count <= 4, "\(file.path)")
        }
    }

    /// Ranges of lines, by the indentation that the formatter guarantees.
    private func functions(of file: SourceFile) -> [Range<Int>] {
        file.lines.indices.compactMap { start in
            let line = file.lines[start]
            guard line.contains(/^\s*(?:@\w+ )*(?:\w+ )*(?:func \w+|init)\b.*\{$/) else { return nil }
            let closing = String(line.prefix { $0 == " " }) + "}"
            guard let end = file.lines[start...].firstIndex(of: closing) else { return nil }
            return start..<end + 1
        }
    }
}

extension SourceFile {
    /// The lines with comments blanked, so that prose may name what code may not use.
    var code: [String] {
        lines.map { line in
            guard let comment = line.firstRange(of: "//") else { return line }
            return String(line[..<comment.lowerBound])
        }
    }
}
