internal import Commitments
public import Primitives

/// The security version of each firmware part.
public struct TCBVersion: Hashable, Sendable {
    /// Exists on Turin only.
    public let fmc: UInt8?
    public let bootLoader: UInt8
    public let tee: UInt8
    public let snp: UInt8
    public let microcode: UInt8

    package init(fmc: UInt8?, bootLoader: UInt8, tee: UInt8, snp: UInt8, microcode: UInt8) {
        self.fmc = fmc
        self.bootLoader = bootLoader
        self.tee = tee
        self.snp = snp
        self.microcode = microcode
    }

    /// Whether every part is at least the other's. Parts have no order among themselves, so two
    /// versions may be neither at least the other.
    public func isAtLeast(_ other: TCBVersion) -> Bool {
        (fmc ?? 0) >= (other.fmc ?? 0) && bootLoader >= other.bootLoader && tee >= other.tee
            && snp >= other.snp && microcode >= other.microcode
    }
}

extension TCBVersion {
    init(_ floor: TCBFloor, of product: SEVProduct) {
        self.init(
            fmc: product.tcbLayout == .turin ? floor.fmc : nil, bootLoader: floor.bootLoader, tee: floor.tee,
            snp: floor.snp, microcode: floor.microcode)
    }
}

extension TCBVersion: CustomStringConvertible {
    /// Decimal: `boot loader 9, TEE 0, SNP 23, microcode 72`.
    public var description: String {
        let parts = [("boot loader", bootLoader), ("TEE", tee), ("SNP", snp), ("microcode", microcode)]
        let text = parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return fmc.map { "FMC \($0), \(text)" } ?? text
    }
}

/// Which byte of a TCB_VERSION is which part: Turin moved them.
public enum TCBLayout: Hashable, Sendable {
    case milanAndGenoa
    case turin

    /// The positions that must be zero.
    var reserved: Range<Int> {
        switch self {
        case .milanAndGenoa: 2..<6
        case .turin: 4..<7
        }
    }
}

/// A TCB_VERSION as it stands in a report: eight bytes whose meaning depends on the product.
public struct EncodedTCB: Hashable, Sendable, CustomStringConvertible {
    public let bytes: FixedBytes<8>

    init(_ report: Span<UInt8>, at offset: Int) {
        bytes = FixedBytes(report, at: offset)
    }

    /// The parts, or `nil` when a byte is set that the layout reserves.
    public func decoded(as layout: TCBLayout) -> TCBVersion? {
        let raw = bytes.bytes
        guard raw[layout.reserved].allSatisfy({ $0 == 0 }) else { return nil }
        return switch layout {
        case .milanAndGenoa: TCBVersion(fmc: nil, bootLoader: raw[0], tee: raw[1], snp: raw[6], microcode: raw[7])
        case .turin: TCBVersion(fmc: raw[0], bootLoader: raw[1], tee: raw[2], snp: raw[3], microcode: raw[7])
        }
    }

    public var description: String { bytes.description }
}
