import Commitments
import Foundation
import Keys
import Plans
import Primitives
import TestSupport
import Testing

@Suite("docs/PLAN.md")
struct PlanDocumentationTests {
    private static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Repository.root.appending(path: "docs/\(path)")))
    }

    private func page() throws -> String { String(decoding: try Self.bytes("PLAN.md"), as: UTF8.self) }

    @Test("lies beside a plan that is valid with its manifests")
    func example() throws {
        let plan = try Plan(decoding: try Self.bytes("examples/plan/plan.json"))
        var documents: [Name: [UInt8]] = [:]
        for session in plan.sessions {
            documents[session.name] = try Self.bytes("examples/plan/manifests/\(session.name).json")
        }
        let resolved = try plan.resolve(documents)
        #expect(resolved.manifests.count == 3 && !plan.flows.isEmpty)
        #expect(
            plan.platforms.allSatisfy { platform in
                if case .sevSNP = platform.requirements { true } else { false }
            })
        // As `2cvm plan expand` would give them.
        for manifest in resolved.manifests {
            let salt = SHA256Digest(sha256: plan.salt.bytes + Array(manifest.name.description.utf8))
            #expect(manifest.salt == salt)
        }
    }

    @Test("explains every key of a plan, and those that only a manifest in one has")
    func keys() throws {
        let page = try page()
        let plan = try JSONValue(
            parsing: try Self.bytes("examples/plan/plan.json"), maximumByteCount: Plan.maximumByteCount)
        for path in plan.paths {
            let steps = path.split(separator: ".")
            guard let key = steps.last, Int(key) == nil else { continue }
            let isManifests = steps.first == "participants" && steps.count > 1 || steps.dropLast().contains("platform")
            guard !isManifests else { continue }
            #expect(page.contains("`\(key)`"), "\(path)")
        }
        for text in ["\"plan\": true", "{\"session\": \"site-a\"}"] { #expect(page.contains(text)) }
    }

    @Test("states the bounds that the code holds")
    func bounds() throws {
        let page = try page()
        let texts = [
            PayloadType.plan.name, "at most 1 MiB", "1 to 1,000", "at most 8,192", "1 to 16", "1,024", "2,048",
            "2cvm plan session v1",
        ]
        for text in texts { #expect(page.contains(text), "\(text)") }
    }
}
