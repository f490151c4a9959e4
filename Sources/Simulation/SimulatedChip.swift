public import Commitments
internal import Crypto
public import Evidence
public import Primitives

/// What a simulated platform claims to be.
public struct SimulatedChip: Equatable, Sendable {
    public var product: SEVProduct
    public var processor: Processor
    /// CHIP_ID; on Turin the first 8 bytes.
    public var chipID: FixedBytes<64>
    /// The firmware that the endorsement key stands for.
    public var tcb: TCBVersion
    public var endorsement: Endorsement

    /// Whose key signs reports.
    public enum Endorsement: Equatable, Sendable {
        /// The chip's own.
        case vcek
        /// A cloud provider's.
        case vlek(provider: String)
    }

    /// A processor of that product with current firmware. Its ID follows from the keys, so that
    /// installations differ.
    public init(_ product: SEVProduct, keys: SimulationKeys, endorsement: Endorsement = .vcek) {
        self.product = product
        self.endorsement = endorsement
        let digest = Array(SHA512.hash(data: Array(keys.endorsement.publicKey.rawRepresentation)))
        let count = product == .turin ? 8 : 64
        let padding = [UInt8](repeating: 0, count: 64 - count)
        chipID = FixedBytes(digest.prefix(count) + padding) ?? FixedBytes(repeating: 0)
        switch product {
        case .milan:
            processor = Processor(family: 0x19, model: 0x01, stepping: 1)
            tcb = TCBVersion(fmc: nil, bootLoader: 4, tee: 0, snp: 27, microcode: 222)
        case .genoa:
            processor = Processor(family: 0x19, model: 0x11, stepping: 1)
            tcb = TCBVersion(fmc: nil, bootLoader: 10, tee: 0, snp: 27, microcode: 88)
        case .turin:
            processor = Processor(family: 0x1A, model: 0x02, stepping: 1)
            tcb = TCBVersion(fmc: 1, bootLoader: 1, tee: 1, snp: 5, microcode: 81)
        }
    }

    /// The key as its certificate tells it.
    var certifiedKey: EndorsementCertificate.Key {
        switch endorsement {
        case .vcek: .vcek(chipID: chipID)
        case .vlek(let provider): .vlek(provider: provider)
        }
    }

    /// The TCB as a report of this product has it.
    public var encodedTCB: FixedBytes<8> { encoded(tcb) }

    /// Any TCB as a report of this product has it.
    public func encoded(_ tcb: TCBVersion) -> FixedBytes<8> {
        let bytes =
            switch product {
            case .milan, .genoa: [tcb.bootLoader, tcb.tee, 0, 0, 0, 0, tcb.snp, tcb.microcode]
            case .turin: [tcb.fmc ?? 0, tcb.bootLoader, tcb.tee, tcb.snp, 0, 0, 0, tcb.microcode]
            }
        return FixedBytes(bytes) ?? FixedBytes(repeating: 0)
    }
}
