/// A processor model as QEMU's `-cpu` names it, with what a launch measures of it.
public struct VCPUType: Hashable, Sendable {
    /// QEMU's spelling: `EPYC-Genoa-v1`.
    public let name: String
    /// CPUID Fn0000_0001 EAX: family, model and stepping.
    public let signature: UInt32

    /// The model of that name, or `nil` when it is none that is known here.
    public init?(named name: String) {
        guard let type = Self.all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return nil }
        self = type
    }

    private init(name: String, signature: UInt32) {
        self.name = name
        self.signature = signature
    }

    /// Every model, oldest first. Versions of a model differ in features, not in the signature.
    public static let all: [VCPUType] =
        models("EPYC", versions: 5, signature(family: 0x17, model: 0x01, stepping: 2))
        + [VCPUType(name: "EPYC-IBPB", signature: signature(family: 0x17, model: 0x01, stepping: 2))]
        + models("EPYC-Rome", versions: 5, signature(family: 0x17, model: 0x31, stepping: 0))
        + models("EPYC-Milan", versions: 3, signature(family: 0x19, model: 0x01, stepping: 1))
        + models("EPYC-Genoa", versions: 2, signature(family: 0x19, model: 0x11, stepping: 0))
        + models("EPYC-Turin", versions: 1, signature(family: 0x1A, model: 0x00, stepping: 0))

    private static func models(_ name: String, versions: Int, _ signature: UInt32) -> [VCPUType] {
        ([name] + (1...versions).map { "\(name)-v\($0)" }).map { VCPUType(name: $0, signature: signature) }
    }

    /// Family and model above 15 go into extension fields.
    /// Source: AMD 25481, CPUID Specification, Fn0000_0001_EAX.
    private static func signature(family: UInt32, model: UInt32, stepping: UInt32) -> UInt32 {
        let extendedFamily = family > 0xF ? family - 0xF : 0
        return extendedFamily << 20 | (model >> 4) << 16 | min(family, 0xF) << 8 | (model & 0xF) << 4 | stepping
    }
}
