import Commitments
import Formats
import Primitives
import TestSupport
import Testing

@Suite("Who can learn what")
struct ReachabilityTests {
    private func disclosure(_ source: String, _ value: JSONValue = ManifestExample.ownValue) throws -> Disclosure {
        let reachability = Reachability(of: try ManifestExample.manifest(value))
        return try #require(reachability.disclosures.first { $0.source.description == source })
    }

    private func routes(_ source: String, _ value: JSONValue = ManifestExample.ownValue) throws -> [String] {
        try disclosure(source, value).routes.map { $0.steps.map(\.description).joined(separator: " ") }
    }

    @Test("follows data through mounts, links, releases and logs to recipients")
    func data() throws {
        #expect(
            try routes("patients-a") == ["patients-a moments-a regression coefficients"],
            "whom one way reaches needs no other")
        let learners = try disclosure("patients-a").learners.map(\.description)
        #expect(learners == ["hospital-a", "hospital-b", "statistician"])
    }

    @Test("follows a link against the call: arguments are information too")
    func arguments() throws {
        // What moments-a releases can hold what regression told it, so patients-b reaches it.
        let value = ManifestExample.ownValue
            .setting("outputs.0.recipients", to: ["hospital-b"])
            .setting(
                "outputs.2",
                to: ["name": "trace", "recipients": ["hospital-a"], "format": "any", "maximumBytes": 9]
            )
            .setting("channels.6", to: ["release": "trace", "component": "moments-a", "path": "/output/trace"])
        #expect(try routes("patients-b", value).contains("patients-b moments-b regression moments-a trace"))
        #expect(try routes("patients-a", value).contains("patients-a moments-a trace"))
    }

    @Test("tells of code as well as of data")
    func code() throws {
        let moments = try disclosure("moments-b")
        #expect(moments.kind == .component)
        #expect(moments.provider.description == "statistician")
        #expect(try routes("regression") == ["regression coefficients"])
    }

    @Test("tells each participant's sources")
    func participants() throws {
        let value = ManifestExample.ownValue.setting("outputs.0.recipients", to: ["hospital-a"])
        let sources = Reachability(of: try ManifestExample.manifest(value)).sources
        #expect(sources[try #require(Name("hospital-b"))] == nil)
        #expect(sources[try #require(Name("hospital-a"))]?.count == 5)
    }

    @Test("tells in bits how much can reach whom, and all others together")
    func bits() throws {
        let count: JSONValue = [
            "kind": "csv", "maximumRows": 1,
            "columns": [["name": "count", "type": "integer", "minimum": 0, "maximum": 1022]],
        ]
        let word: JSONValue = ["kind": "text", "maximumCharacters": 1, "characters": "digits"]
        let value = ManifestExample.ownValue.setting("outputs.0.format", to: count)
            .setting("outputs.0.recipients", to: ["hospital-a"]).setting("outputs.1.format", to: word)
        let manifest = try ManifestExample.manifest(value)
        let reachability = Reachability(of: manifest)
        // No row or one of 1,023, and no character or one of 11.
        #expect(reachability.capacity(of: [manifest.outputs[0].name]).bits == 10)
        #expect(reachability.capacity(of: [manifest.outputs[1].name]).bits == 4)
        #expect(reachability.capacity(of: manifest.outputs.map(\.name)).bits == 14)
        let told = reachability.disclosures.reduce(into: [:]) { $0[$1.source.description] = $1.together.bits }
        #expect(told["patients-a"] == 4, "its own provider is no other")
        #expect(told["patients-b"] == 14)
        #expect(told["regression"] == 10, "the statistician provides it")
    }

    @Test("ends on a manifest as large as one can be")
    func large() throws {
        var value = ManifestExample.ownValue
        let component = try #require(value.at("components.0"))
        for index in 0..<250 {
            value = value.setting("components.\(index + 3)", to: component.setting("name", to: "c\(index)"))
            value = value.setting(
                "channels.\(index + 6)",
                to: [
                    "link": "x\(index)", "importer": index == 0 ? "moments-a" : "c\(index - 1)",
                    "exporter": "c\(index)", "export": "a:b/c",
                ])
        }
        let routes = try disclosure("c249", value).routes
        #expect(routes.map(\.steps.count) == [6])
        #expect(routes.map(\.omittedCount) == [247])
        #expect(
            routes.first?.steps.map(\.description) == [
                "c249", "c248", "c247", "moments-a", "regression", "coefficients",
            ])
    }

    @Test("tells four ways at most, and each who learns")
    func most() throws {
        var value = ManifestExample.ownValue
        for index in 0..<5 {
            value = value.setting("participants.\(index + 3)", to: Party("reader-\(index)", UInt8(40 + index)).entry)
                .setting(
                    "outputs.\(index + 2)",
                    to: [
                        "name": .string("own-\(index)"), "recipients": [.string("reader-\(index)")], "format": "any",
                        "maximumBytes": 9,
                    ]
                )
                .setting(
                    "channels.\(index + 6)",
                    to: [
                        "release": .string("own-\(index)"), "component": "moments-a",
                        "path": .string("/output/own-\(index)"),
                    ])
        }
        let disclosure = try disclosure("patients-a", value)
        #expect(disclosure.routes.map(\.output.description) == ["own-0", "own-1", "own-2", "own-3"])
        #expect(disclosure.learners.count == 8)
    }

    @Test("tells the nearest way for each learner")
    func nearest() throws {
        let near: JSONValue = ["name": "near", "recipients": ["hospital-b"], "format": "any", "maximumBytes": 9]
        let value = ManifestExample.ownValue.setting("outputs.2", to: near)
            .setting("channels.6", to: ["release": "near", "component": "moments-a", "path": "/output/near"])
        let disclosure = try disclosure("patients-a", value)
        #expect(disclosure.routes.map(\.output.description) == ["near", "coefficients"])
        #expect(
            disclosure.routes.map { $0.learners.map(\.description) } == [
                ["hospital-b"], ["hospital-a", "statistician"],
            ])
    }
}
