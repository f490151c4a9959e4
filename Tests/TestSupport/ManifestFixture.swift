public import Commitments
public import Primitives

/// A manifest in the making: everything valid but what a test says otherwise. The one place that knows its keys.
public struct ManifestFixture: Sendable {
    public var name = "sample"
    public var purpose = "Tests."
    public var parties: [Party]
    public var components: [JSONValue] = []
    public var data: [JSONValue] = []
    public var outputs: [JSONValue] = []
    public var channels: [JSONValue] = []
    /// The component that runs, and what of it.
    public var run = (component: "model", export: "wasi:cli/run")
    public var limits = Limits()
    public var binding = "launch"
    /// A simulated machine's, in hexadecimal digits.
    public var measurement = String(repeating: "00", count: 48)

    /// A minute for each step, unless a test says otherwise.
    public struct Limits: Sendable {
        public var compileSeconds: Int
        public var wallTimeSeconds: Int
        public var admissionSeconds: Int
        public var retentionSeconds: Int
        public var runs: Int
        public var failures: Int?
        public var keepRuns: Int?

        /// Joins them.
        public init(
            compileSeconds: Int = 60, wallTimeSeconds: Int = 60, admissionSeconds: Int = 60, retentionSeconds: Int = 60,
            runs: Int = 1, failures: Int? = nil, keepRuns: Int? = nil
        ) {
            self.compileSeconds = compileSeconds
            self.wallTimeSeconds = wallTimeSeconds
            self.admissionSeconds = admissionSeconds
            self.retentionSeconds = retentionSeconds
            self.runs = runs
            self.failures = failures
            self.keepRuns = keepRuns
        }

        fileprivate var json: JSONValue {
            let counts = [("runs", runs), ("failures", failures), ("keepRuns", keepRuns)]
            return .object(
                [
                    JSONMember("compileSeconds", .integer(compileSeconds)),
                    JSONMember("wallTimeSeconds", .integer(wallTimeSeconds)),
                    JSONMember("admissionSeconds", .integer(admissionSeconds)),
                    JSONMember("retentionSeconds", .integer(retentionSeconds)),
                ]
                    + counts.compactMap { name, count in count.map { JSONMember(name, .integer($0)) } })
        }
    }

    /// Begins with its participants alone.
    public init(_ parties: [Party]) {
        self.parties = parties
    }

    /// The manifest as JSON.
    public var value: JSONValue {
        [
            "version": 1, "name": .string(name), "purpose": .string(purpose),
            "salt": .string(String(repeating: "5a", count: 32)), "participants": .array(parties.map(\.entry)),
            "components": .array(components), "data": .array(data), "outputs": .array(outputs),
            "channels": .array(channels),
            "run": ["component": .string(run.component), "export": .string(run.export)],
            "limits": limits.json,
            "platform": [
                "kind": "simulated", "binding": .string(binding), "measurements": [.string(measurement)],
            ],
        ]
    }

    /// The manifest.
    public func manifest() throws(ManifestError) -> Manifest {
        try Manifest(decoding: value.canonicalBytes)
    }
}

// The entries of its lists.
extension ManifestFixture {
    /// Code, pinned by its digest.
    ///
    /// - Parameter more: keys besides, such as `clock`.
    public static func component(
        _ name: String, of provider: Party, _ digest: SHA256Digest, maximumBytes: Int, imports: [String] = [],
        memoryMiB: Int = 16, more: [JSONMember] = []
    ) -> JSONValue {
        .object(
            [
                JSONMember("name", .string(name)), JSONMember("provider", .string(provider.name)),
                JSONMember("digest", .string(digest.prefixed)), JSONMember("maximumBytes", .integer(maximumBytes)),
                JSONMember("imports", .array(imports.map(JSONValue.string))),
                JSONMember("memoryMiB", .integer(memoryMiB)),
            ] + more)
    }

    /// Data, pinned by a commitment or left open.
    ///
    /// - Parameter more: keys besides, such as `format`.
    public static func data(
        _ name: String, of provider: Party, _ commitment: SHA256Digest? = nil, maximumBytes: Int,
        more: [JSONMember] = []
    ) -> JSONValue {
        .object(
            [
                JSONMember("name", .string(name)), JSONMember("provider", .string(provider.name)),
                JSONMember("commitment", .string(commitment?.prefixed ?? "any")),
                JSONMember("maximumBytes", .integer(maximumBytes)),
            ] + more)
    }

    /// An output.
    ///
    /// - Parameter more: keys besides, such as `noise`.
    public static func output(
        _ name: String, to recipients: [Party], format: JSONValue = "any", maximumBytes: Int, more: [JSONMember] = []
    ) -> JSONValue {
        .object(
            [
                JSONMember("name", .string(name)),
                JSONMember("recipients", .array(recipients.map { .string($0.name) })),
                JSONMember("format", format), JSONMember("maximumBytes", .integer(maximumBytes)),
            ] + more)
    }

    /// Data at a path of a component's.
    public static func mount(_ data: String, in component: String, at path: String) -> JSONValue {
        ["mount": .string(data), "component": .string(component), "path": .string(path)]
    }

    /// A component's file as an output.
    public static func release(_ output: String, of component: String, at path: String) -> JSONValue {
        ["release": .string(output), "component": .string(component), "path": .string(path)]
    }

    /// A component's export as another's import.
    public static func link(_ name: String, from exporter: String, _ export: String, to importer: String) -> JSONValue {
        [
            "link": .string(name), "importer": .string(importer), "exporter": .string(exporter),
            "export": .string(export),
        ]
    }

    /// What a component prints as an output.
    public static func log(_ output: String, of component: String, _ stream: String = "stderr") -> JSONValue {
        ["log": .string(output), "component": .string(component), "stream": .string(stream)]
    }
}
