package import Primitives

extension PlatformRequirements {
    private enum Kind: String, CaseIterable {
        case simulated
        case sevSNP = "sev-snp"
    }

    /// Reads a manifest's `platform`, which may also stand by itself.
    package init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        switch try object.choice("kind", of: Kind.self) {
        case .simulated:
            self = .simulated(
                binding: try object.choice("binding", of: Binding.self),
                measurements: try object.required("measurements").measurements())
        case .sevSNP:
            self = .sevSNP(try SEVSNPRequirements(&object))
        }
        try object.finish()
    }
}

extension JSONReader {
    fileprivate func measurements() throws(JSONShapeError) -> [FixedBytes<48>] {
        try distinct(1...64) { reader throws(JSONShapeError) in try reader.hex() }
    }

    /// The word "any", or what `value` reads.
    fileprivate func orAny<Value>(
        _ value: (JSONReader) throws(JSONShapeError) -> Value
    ) throws(JSONShapeError) -> SEVSNPRequirements.Required<Value> {
        isWord("any") ? .any : .value(try value(self))
    }
}

extension SEVSNPRequirements {
    fileprivate init(_ object: inout JSONObjectReader) throws(JSONShapeError) {
        binding = try object.choice("binding", of: PlatformRequirements.Binding.self)
        measurements = try object.required("measurements").measurements()
        minimumTCB = try Self.floors(&object)
        signingKeys = Set(
            try object.required("signingKeys").distinct(1...2) { reader throws(JSONShapeError) in
                try reader.choice(of: EndorsementKey.self)
            })
        chips = try Chips(try object.required("chips"))
        vmpl = try object.integer("vmpl", in: 0...3)
        policy = try BitRules(try object.required("policy"))
        platformInfo = try BitRules(try object.required("platformInfo"))
        idKeys = try KeyDigests(try object.required("idKeys"))
        authorKeys = try KeyDigests(try object.required("authorKeys"))
        guestSVN = UInt32(try object.integer("guestSVN", in: 0...Int(UInt32.max)))
        familyID = try object.required("familyID").orAny { reader throws(JSONShapeError) in try reader.hex() }
        imageID = try object.required("imageID").orAny { reader throws(JSONShapeError) in try reader.hex() }
        reportVersion = UInt32(try object.integer("reportVersion", in: 2...5))
        firmware = try object.required("firmware").orAny(FirmwareVersion.init)
        provisionalFirmware = try object.choice("provisionalFirmware", of: Permission.self)
        mitigations = try object.required("mitigations").orAny(Self.mitigationBits)
    }

    /// `products` says in one line what the floors say in detail; a difference is a mistake in either.
    private static func floors(_ object: inout JSONObjectReader) throws(JSONShapeError) -> [SEVProduct: TCBFloor] {
        let list = try object.required("products")
        let products = try list.distinct(1...SEVProduct.allCases.count) { reader throws(JSONShapeError) in
            try reader.choice(of: SEVProduct.self)
        }
        var floorsObject = try object.object("minimumTCB")
        var floors: [SEVProduct: TCBFloor] = [:]
        for product in products {
            floors[product] = try TCBFloor(try floorsObject.required(product.rawValue), of: product)
        }
        for product in SEVProduct.allCases where floors[product] == nil && floorsObject.contains(product.rawValue) {
            throw .wrongForm(list.path, expected: "every product that has a floor in minimumTCB")
        }
        try floorsObject.finish()
        return floors
    }

    private static func mitigationBits(_ reader: JSONReader) throws(JSONShapeError) -> UInt64 {
        let bytes: FixedBytes<8> = try reader.hex()
        return bytes.bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension TCBFloor {
    fileprivate init(_ reader: JSONReader, of product: SEVProduct) throws(JSONShapeError) {
        var object = try reader.object()
        // Turin's layout has an FMC byte; the others have none, so a floor for it would mean nothing.
        fmc = product == .turin ? UInt8(try object.integer("fmc", in: 0...255)) : 0
        bootLoader = UInt8(try object.integer("bootLoader", in: 0...255))
        tee = UInt8(try object.integer("tee", in: 0...255))
        snp = UInt8(try object.integer("snp", in: 0...255))
        microcode = UInt8(try object.integer("microcode", in: 0...255))
        try object.finish()
    }
}

extension FirmwareVersion {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        major = UInt8(try object.integer("major", in: 0...255))
        minor = UInt8(try object.integer("minor", in: 0...255))
        build = UInt8(try object.integer("build", in: 0...255))
        try object.finish()
    }
}

extension SEVSNPRequirements.Chips {
    private enum Entry: Hashable {
        case chip(FixedBytes<64>)
        case provider(String)
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        guard !reader.isWord("any") else {
            self = .any
            return
        }
        let entries = try reader.distinct(1...1024) { reader throws(JSONShapeError) in
            try reader.parsed(as: "a CHIP_ID of 128 hexadecimal digits that is not zero, or csp: and a provider") {
                Self.entry($0)
            }
        }
        var chips: Set<FixedBytes<64>> = []
        var providers: Set<String> = []
        for entry in entries {
            switch entry {
            case .chip(let chip): chips.insert(chip)
            case .provider(let provider): providers.insert(provider)
            }
        }
        self = .listed(chipIDs: chips, providers: providers)
    }

    /// A zero CHIP_ID is what a masked or VLEK report shows: any machine's.
    private static func entry(_ text: String) -> Entry? {
        if let chip = FixedBytes<64>(hex: text) { return chip.isZero ? nil : .chip(chip) }
        guard text.hasPrefix("csp:") else { return nil }
        let provider = text.dropFirst("csp:".count)
        guard (1...128).contains(provider.utf8.count), provider.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        return .provider(String(provider))
    }
}

extension SEVSNPRequirements.KeyDigests {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        guard !reader.isWord("any") else {
            self = .any
            return
        }
        self = .listed(Set(try reader.distinct(1...64) { reader throws(JSONShapeError) in try reader.hex() }))
    }
}

extension BitRules {
    /// An object with a word for each bit that has words.
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        var rules: [Bit: BitRule] = [:]
        for bit in Bit.allCases {
            let words = bit.facts.words.rules
            guard !words.isEmpty else { continue }
            let value = try object.required(bit.facts.key)
            guard let rule = words.first(where: { value.isWord($0.word) })?.rule else {
                throw .unknownWord(value.path, expected: words.map(\.word))
            }
            rules[bit] = rule
        }
        try object.finish()
        self.init { rules[$0] ?? .forbidden }
    }
}
