public import Commitments
internal import Primitives

/// Which processor signed, by CPUID. Reports have it from version 3 on.
public struct Processor: Hashable, Sendable, CustomStringConvertible {
    /// The extended family already added to the base, as in the report.
    public let family: UInt8
    public let model: UInt8
    public let stepping: UInt8

    /// Takes the three bytes as they stand in a report.
    public init(family: UInt8, model: UInt8, stepping: UInt8) {
        self.family = family
        self.model = model
        self.stepping = stepping
    }

    /// Hexadecimal family, model and stepping: `19/11/01`.
    public var description: String {
        [family, model, stepping].map { [$0].hex }.joined(separator: "/")
    }

    /// The product whose root vouches for such a processor, or `nil` for none that is known here.
    public var product: SEVProduct? {
        switch (family, model) {
        case (0x19, 0x00...0x0F): .milan
        case (0x19, 0x10...0x1F), (0x19, 0xA0...0xAF): .genoa
        case (0x1A, 0x00...0x11): .turin
        default: nil
        }
    }

    /// `nil` for a processor that is not known here: a newer one may have moved the parts again.
    var tcbLayout: TCBLayout? { product?.tcbLayout }
}

extension SEVProduct {
    var tcbLayout: TCBLayout {
        switch self {
        case .milan, .genoa: .milanAndGenoa
        case .turin: .turin
        }
    }
}
