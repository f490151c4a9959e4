internal import Primitives

extension VerifierPolicy {
    /// Bytes of a policy file, at most.
    public static let maximumByteCount = 262_144
    static let maximumEntryCount = 1024
    static let maximumTextByteCount = 500

    /// Decodes a policy file (docs/EVIDENCE.md).
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
        _ = try object.integer("version", in: 1...1)
        let date = try object.parsed("date", as: "a date such as 2026-11-23", maximumByteCount: 10) { Timestamp($0) }
        var measurements: [RefusedMeasurement] = []
        for entry in try object.array("refusedMeasurements", maximumCount: Self.maximumEntryCount) {
            measurements.append(try RefusedMeasurement(entry))
        }
        var floors: [ProcessorFloor] = []
        for entry in try object.array("minimumTCB", maximumCount: Self.maximumEntryCount) {
            floors.append(try ProcessorFloor(entry))
        }
        let unlisted = try object.choice("unlistedProcessors", of: Unlisted.self)
        let engine = try object.required("earliestEngine")
        let earliest: EngineVersion? =
            if engine.isWord("any") {
                nil
            } else {
                try engine.parsed(as: "\"any\" or a version such as 50.0.1", maximumByteCount: 20) { EngineVersion($0) }
            }
        try object.finish()
        self.init(
            date: date, refusedMeasurements: measurements, floors: floors, unlistedProcessors: unlisted,
            earliestEngine: earliest)
    }
}

extension RefusedMeasurement {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        measurement = try object.hex("measurement")
        reason = try object.string("reason", maximumByteCount: VerifierPolicy.maximumTextByteCount)
        try object.finish()
    }
}

extension ProcessorFloor {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        family = try object.byte("family")
        model = try object.byte("model")
        let stepping = try object.required("stepping")
        self.stepping = stepping.isWord("any") ? nil : UInt8(try stepping.integer(in: 0...255))
        let isTurin = Processor(family: family, model: model, stepping: 0).tcbLayout == .turin
        minimum = TCBVersion(
            fmc: isTurin ? try object.byte("fmc") : nil, bootLoader: try object.byte("bootLoader"),
            tee: try object.byte("tee"), snp: try object.byte("snp"), microcode: try object.byte("microcode"))
        aliasCheck = try object.choice("aliasCheck", of: AliasCheck.self)
        var sources: [String] = []
        for source in try object.array("sources", maximumCount: 16) {
            sources.append(try source.string(maximumByteCount: VerifierPolicy.maximumTextByteCount))
        }
        self.sources = sources
        isConfirmed = try object.bool("confirmed")
        try object.finish()
    }
}

extension JSONObjectReader {
    fileprivate mutating func byte(_ name: String) throws(JSONShapeError) -> UInt8 {
        UInt8(try integer(name, in: 0...255))
    }
}
