internal import Commitments
internal import Primitives

extension PolicyFile {
    /// Bytes of a policy file, at most.
    public static let maximumByteCount = 262_144
    static let maximumMeasurementCount = 1024
    static let maximumProductCount = 64
    static let maximumRuleCount = 128

    /// Decodes a policy file (docs/EVIDENCE.md), not yet signed by anyone.
    ///
    /// - Parameter bytes: JSON, at most ``maximumByteCount`` bytes.
    /// - Throws: ``EvidenceFileError``, with the path of the value at fault.
    public init(decoding bytes: [UInt8]) throws(EvidenceFileError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount)
        } catch {
            throw .json(error)
        }
        do {
            try self.init(JSONReader(value))
        } catch {
            throw .shape(error)
        }
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 2...2)
        name = try object.parsed("name", as: "a name such as strict-2026", maximumByteCount: 40) { Name($0) }
        let date = try object.required("date").date()
        self.date = date
        unlistedProcessors = try object.choice("unlistedProcessors", of: Unlisted.self)
        let notBefore = try object.required("revocationNotBefore")
        revocationNotBefore = notBefore.isWord("any") ? nil : try notBefore.date()
        let engine = try object.required("earliestEngine")
        earliestEngine =
            engine.isWord("any")
            ? nil
            : try engine.parsed(as: "\"any\" or a version such as 50.0.1", maximumByteCount: 20) { EngineVersion($0) }
        let measurements = try object.required("refusedMeasurements")
        refusedMeasurements = try measurements.list(atMost: Self.maximumMeasurementCount, RefusedMeasurement.init)
        try measurements.requireDistinct(refusedMeasurements.map { $0.measurement }, "measurement")
        let products = try object.required("products")
        self.products = try products.list(atMost: Self.maximumProductCount) { entry throws(JSONShapeError) in
            try PolicyProduct(entry, before: date)
        }
        try products.requireDistinct(self.products.map(\.title), "processor")
        let notShown = try object.required("notShown")
        self.notShown = try notShown.list(atMost: Self.maximumRuleCount) { entry throws(JSONShapeError) in
            var object = try entry.object()
            let advisory = try Advisory(&object, before: date)
            try object.finish()
            return advisory
        }
        try notShown.requireDistinct(self.notShown.map(\.identifier), "advisory")
        try object.finish()
        digest = SHA256Digest(sha256: reader.value.canonicalBytes)
    }
}

extension RefusedMeasurement {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        measurement = try object.hex("measurement")
        reason = try object.required("reason").plainText()
        try object.finish()
    }
}

extension Advisory {
    /// The members that name it. What else an entry has is the caller's.
    fileprivate init(_ object: inout JSONObjectReader, before latest: Timestamp) throws(JSONShapeError) {
        identifier = try object.required("advisory").plainText(maximumByteCount: 64)
        title = try object.required("title").plainText(maximumByteCount: 120)
        effect = try object.required("effect").plainText()
        source = try object.required("source").plainText()
        let dateReader = try object.required("date")
        date = try dateReader.date()
        guard date <= latest else {
            throw .wrongForm(dateReader.path, expected: "a date that is not after the policy's own")
        }
        isConfirmed = try object.bool("confirmed")
    }
}

extension PolicyProduct {
    fileprivate init(_ reader: JSONReader, before date: Timestamp) throws(JSONShapeError) {
        var object = try reader.object()
        family = UInt8(try object.integer("family", in: 0...255))
        model = UInt8(try object.integer("model", in: 0...255))
        let stepping = try object.required("stepping")
        self.stepping = stepping.isWord("any") ? nil : UInt8(try stepping.integer(in: 0...255))
        guard let product = Processor(family: family, model: model, stepping: 0).product else {
            throw .wrongForm(reader.path, expected: "family and model of a Milan, Genoa or Turin")
        }
        let rules = try object.required("rules")
        self.rules = try rules.list(atMost: PolicyFile.maximumRuleCount) { entry throws(JSONShapeError) in
            try PolicyRule(entry, of: product, before: date)
        }
        try rules.requireDistinct(self.rules.map(\.advisory.identifier), "advisory")
        try object.finish()
    }
}

extension PolicyRule {
    fileprivate init(
        _ reader: JSONReader, of product: SEVProduct, before date: Timestamp
    ) throws(JSONShapeError) {
        var object = try reader.object()
        advisory = try Advisory(&object, before: date)
        whenOpen = try object.choice("whenOpen", of: Consequence.self)
        whenUndecidable = try object.choice("whenUndecidable", of: Consequence.self)
        let closing = try object.required("closedBy")
        if closing.isWord("nothing") {
            closedBy = .nothing
        } else if closing.isWord("unknown") {
            closedBy = .unknown
        } else {
            let conditions = try closing.list(atMost: 8) { entry throws(JSONShapeError) in
                try PolicyCondition(entry, of: product)
            }
            guard !conditions.isEmpty else {
                throw .wrongForm(closing.path, expected: "\"nothing\", \"unknown\", or what closes it")
            }
            closedBy = .conditions(conditions)
        }
        try object.finish()
    }
}

extension PolicyCondition {
    fileprivate init(_ reader: JSONReader, of product: SEVProduct) throws(JSONShapeError) {
        var object = try reader.object()
        current =
            try object.optional("current").map { reader throws(JSONShapeError) in
                try FirmwareFloor(reader, of: product, isLaunch: false)
            } ?? .none
        launch =
            try object.optional("launch").map { reader throws(JSONShapeError) in
                try FirmwareFloor(reader, of: product, isLaunch: true)
            } ?? .none
        platformInfo =
            try object.optional("platformInfo").map { reader throws(JSONShapeError) in
                try reader.bitRules { (bit: PlatformInfoBit) in bit.facts.products.contains(product) }
            } ?? [:]
        guestPolicy =
            try object.optional("guestPolicy").map { reader throws(JSONShapeError) in
                try reader.bitRules { (bit: GuestPolicyBit) in bit.facts.words != .none }
            } ?? [:]
        try object.finish()
        // What demands nothing would close everything.
        guard !isEmpty else { throw .wrongForm(reader.path, expected: "at least one demand") }
    }
}

extension FirmwareFloor {
    fileprivate init(_ reader: JSONReader, of product: SEVProduct, isLaunch: Bool) throws(JSONShapeError) {
        var object = try reader.object()
        var parts: [TCBPart: UInt8] = [:]
        for part in TCBPart.allCases where part != .fmc || product.tcbLayout == .turin {
            // 0 is reached by every machine: it would demand nothing.
            if let value = object.optional(part.rawValue) { parts[part] = UInt8(try value.integer(in: 1...255)) }
        }
        self.parts = parts
        if !isLaunch, let value = object.optional("firmware") {
            firmware = try FirmwareVersion(policy: value)
        } else {
            firmware = nil
        }
        if let value = object.optional("mitigations") {
            let bytes: FixedBytes<8> = try value.hex()
            guard !bytes.isZero else { throw .wrongForm(value.path, expected: "at least one bit") }
            mitigations = bytes.bytes.reduce(0) { $0 << 8 | UInt64($1) }
        } else {
            mitigations = nil
        }
        try object.finish()
        guard !isEmpty else { throw .wrongForm(reader.path, expected: "at least one floor") }
    }
}

extension FirmwareVersion {
    fileprivate init(policy reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        let numbers = [
            try object.integer("major", in: 0...255), try object.integer("minor", in: 0...255),
            try object.integer("build", in: 0...255),
        ]
        try object.finish()
        guard numbers != [0, 0, 0] else { throw .wrongForm(reader.path, expected: "a version above 0.0.0") }
        self.init(major: UInt8(numbers[0]), minor: UInt8(numbers[1]), build: UInt8(numbers[2]))
    }
}

extension JSONReader {
    fileprivate func list<Element>(
        atMost count: Int, _ element: (JSONReader) throws(JSONShapeError) -> Element
    ) throws(JSONShapeError) -> [Element] {
        var elements: [Element] = []
        for entry in try array(maximumCount: count) { elements.append(try element(entry)) }
        return elements
    }

    /// Two entries on one thing would contradict each other, or say one thing twice.
    fileprivate func requireDistinct(_ values: [some Hashable], _ what: String) throws(JSONShapeError) {
        guard Set(values).count == values.count else { throw .wrongForm(path, expected: "each \(what) once") }
    }

    fileprivate func date() throws(JSONShapeError) -> Timestamp {
        try parsed(as: "a date such as 2026-11-23", maximumByteCount: 10) { Timestamp($0) }
    }

    /// A text that can be printed as it is, in a sentence of the program's own: of one line, not empty.
    fileprivate func plainText(maximumByteCount: Int = 500) throws(JSONShapeError) -> String {
        try parsed(as: "a text of printable characters", maximumByteCount: maximumByteCount) { text in
            text.isEmpty || !text.unicodeScalars.allSatisfy(\.showsItself) ? nil : text
        }
    }

    /// `required` or `forbidden` for bits that a report of the product has.
    fileprivate func bitRules<Bit: ReportBit>(
        _ isReported: (Bit) -> Bool
    ) throws(JSONShapeError) -> [Bit: BitRule] {
        var object = try object()
        var rules: [Bit: BitRule] = [:]
        for bit in Bit.allCases where isReported(bit) {
            guard let value = object.optional(bit.facts.key) else { continue }
            let rule = try value.choice(of: BitRule.self)
            guard rule != .any else { throw .unknownWord(value.path, expected: ["required", "forbidden"]) }
            rules[bit] = rule
        }
        try object.finish()
        return rules
    }
}

extension Optional {
    /// `map` with an error of its own type.
    fileprivate func map<Value, Failure: Error>(
        _ transform: (Wrapped) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        guard let value = self else { return nil }
        return try transform(value)
    }
}
