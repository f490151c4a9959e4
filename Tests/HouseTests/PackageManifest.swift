import Foundation
import TestSupport

/// The targets below Sources that Package.swift declares, with those that each depends on.
struct PackageManifest {
    private(set) var dependencies: [String: Set<String>] = [:]
    private(set) var executables: Set<String> = []

    init() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)
        for match in text.matches(of: /\b(library|executable)\(\s*"([^"]+)",\s*\[([^\]]*)\]/) {
            dependencies[String(match.2)] = Self.names(in: match.3)
            if match.1 == "executable" { executables.insert(String(match.2)) }
        }
        for match in text.matches(of: /\.target\(name: "(C[A-Z]\w+)"(?:, dependencies: \[([^\]]*)\])?(?!, path)/) {
            dependencies[String(match.1)] = match.2.map(Self.names) ?? []
        }
    }

    /// What is not quoted is another package's.
    private static func names(in list: Substring) -> Set<String> {
        Set(list.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
}
