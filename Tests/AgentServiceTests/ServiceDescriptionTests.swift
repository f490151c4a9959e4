import AgentAPI
import AgentService
import Foundation
import TestSupport
import Testing

@Suite("The OpenAPI document")
struct ServiceDescriptionTests {
    private func document() throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(ServiceDescription.bytes)) as? [String: Any])
    }

    @Test("has each route with its one method and its body, and no other")
    func routes() throws {
        let document = try document()
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        #expect(Set(paths.keys) == Set(AgentRoute.allCases.map(\.rawValue)))
        for route in AgentRoute.allCases {
            let operations = try #require(paths[route.rawValue])
            #expect(Array(operations.keys) == [route.method.rawValue.lowercased()])
            let body = operations.values.first?["requestBody"] as? [String: Any]
            let content = body?["content"] as? [String: Any]
            #expect(content.map { Array($0.keys) } == route.requestMediaType.map { [$0] }, "\(route)")
            let responses = try #require(operations.values.first?["responses"] as? [String: [String: Any]])
            #expect(responses.keys.filter { $0.hasPrefix("2") } == [String(route.grantedStatus)], "\(route)")
            let granted = responses[String(route.grantedStatus)]?["content"] as? [String: Any]
            #expect(granted.map { Array($0.keys) } == route.answerMediaType.map { [$0] }, "\(route)")
        }
    }

    @Test("lists each problem's code once")
    func codes() throws {
        let components = try document()["components"] as? [String: [String: [String: Any]]]
        let listed = try #require(components?["schemas"]?["ProblemCode"]?["enum"] as? [String])
        #expect(Set(listed) == Set(AgentProblem.all.map(\.code)))
        #expect(listed.count == AgentProblem.all.count)
    }

    @Test("names under each path problems that have that status")
    func statuses() throws {
        let paths = try #require(try document()["paths"] as? [String: [String: [String: Any]]])
        let statuses = Dictionary(uniqueKeysWithValues: AgentProblem.all.map { ($0.code, $0.status) })
        for operation in paths.values.flatMap(\.values) {
            let responses = try #require(operation["responses"] as? [String: [String: Any]])
            for (status, response) in responses {
                let text = response["description"] as? String ?? ""
                guard text.hasPrefix("Refused: ") else { continue }
                for match in text.matches(of: /`([a-z.-]+)`/) {
                    #expect(statuses[String(match.1)].map(String.init) == status, "\(match.1)")
                }
            }
        }
    }

    @Test("is served as it is")
    func served() async throws {
        try await HTTPScene.serve { scene in
            let answer = try await scene.get("/v1/openapi.json")
            #expect(answer.fields["content-type"] == "application/json")
            #expect(answer.body == ServiceDescription.bytes)
        }
    }
}

@Suite("The agent's problems")
struct ProblemTests {
    @Test("have a status, fixed words and a type of their own", arguments: AgentProblem.all.map(\.code))
    func form(_ code: String) throws {
        let problem = try #require(AgentProblem.all.first { $0.code == code })
        #expect(400...599 ~= problem.status)
        #expect(problem.title.first?.isUppercase == true && problem.title.hasSuffix("."))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(problem.encoded)) as? [String: Any])
        #expect(object["type"] as? String == "urn:2cvm:problem:" + code)
        #expect(object["status"] as? Int == problem.status)
        #expect(object["title"] as? String == problem.title)
        #expect(problem.encoded.last == 0x0A && problem.encoded.filter { $0 == 0x0A }.count == 1)
    }

    @Test("stand in the documentation as they are")
    func documentation() throws {
        let file = Repository.root.appending(path: "docs/API.md")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains(/^\| `[a-z.-]+` \| [45]\d\d \|/) }.map(String.init)
        #expect(Set(rows) == Set(AgentProblem.all.map { "| `\($0.code)` | \($0.status) | \($0.title) |" }))
    }

    @Test("name the engine that is set up")
    func engine() throws {
        let setup = try String(contentsOf: Repository.root.appending(path: "scripts/setup"), encoding: .utf8)
        let version = try #require(setup.firstMatch(of: /wasmtime_version=([0-9.]+)/)).1
        #expect(AgentProgram.engine == "wasmtime \(version)")
    }
}
