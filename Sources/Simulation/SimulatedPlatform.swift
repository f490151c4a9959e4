internal import Commitments
internal import enum Crypto.P384
internal import struct Crypto.SHA384
public import Evidence
public import Primitives

/// A platform that signs whatever it is told, in the form that AMD's firmware has.
///
/// With the same keys and inputs everything signed is the same; signatures themselves are random
/// (ECDSA, and the salt of RSASSA-PSS).
public struct SimulatedPlatform: Sendable {
    public let chip: SimulatedChip
    /// DER: ARK, ASK or ASVK, VCEK or VLEK.
    public let certificates: (root: [UInt8], intermediate: [UInt8], leaf: [UInt8])
    private let keys: SimulationKeys

    /// Makes the platform's certificates.
    ///
    /// - Parameter validity: of all of them.
    /// - Throws: ``SimulationError``.
    public init(
        _ chip: SimulatedChip, keys: SimulationKeys, validity: ClosedRange<Timestamp>
    ) throws(SimulationError) {
        self.chip = chip
        self.keys = keys
        let chain = try SimulatedChain(keys, chip, validity: validity)
        certificates = (chain.root, chain.intermediate, chain.leaf)
    }

    /// Takes certificates that were made before with the same keys, which spares three RSA signatures.
    ///
    /// - Throws: ``SimulationError/otherCertificates`` for those of other keys or of another chip.
    public init(
        _ chip: SimulatedChip, keys: SimulationKeys, certificates: Endorsements
    ) throws(SimulationError) {
        guard case .verified(let chain) = certificates.verified(simulatedRoot: keys.rootDigest),
            chain.leaf.product == chip.product, chain.leaf.tcb == chip.tcb, chain.leaf.key == chip.certifiedKey,
            chain.leaf.hasPublicKey(keys.endorsement.publicKey.derRepresentation)
        else { throw .otherCertificates }
        self.chip = chip
        self.keys = keys
        self.certificates = (
            chain.root.encoded, chain.intermediate.encoded, chain.leaf.certificate.encoded
        )
    }

    /// What a verifier names to take this platform's evidence.
    public var rootDigest: SHA256Digest { keys.rootDigest }

    /// A revocation list, DER, signed by the root.
    ///
    /// - Parameters:
    ///   - updates: thisUpdate and nextUpdate.
    ///   - serialNumbers: what it revokes, each as DER has it.
    public func revocationList(
        _ updates: ClosedRange<Timestamp>, revoking serialNumbers: [[UInt8]] = []
    ) throws(SimulationError) -> [UInt8] {
        try RevocationRecipe(issuer: SimulatedNames(chip).root, updates: updates, revoked: serialNumbers)
            .signed(by: keys.root)
    }

    /// The chain with a revocation list, decoded, as a bundle carries them.
    ///
    /// - Parameters:
    ///   - updates: the list's thisUpdate and nextUpdate.
    ///   - serialNumbers: what the list revokes, each as DER has it.
    public func endorsements(
        listed updates: ClosedRange<Timestamp>, revoking serialNumbers: [[UInt8]] = []
    ) throws -> Endorsements {
        Endorsements(
            leaf: try EndorsementCertificate(decoding: certificates.leaf),
            intermediate: try Certificate(decoding: certificates.intermediate),
            root: try Certificate(decoding: certificates.root),
            revocationList: try RevocationList(decoding: revocationList(updates, revoking: serialNumbers)))
    }

    /// A report, as firmware would give it to this guest.
    ///
    /// - Parameter adjust: changes any other field before it is signed.
    public func report(
        reportData: FixedBytes<64>, hostData: FixedBytes<32>, measurement: FixedBytes<48>,
        adjusting adjust: (inout SimulatedReport) -> Void = { _ in }
    ) throws(SimulationError) -> [UInt8] {
        var report = SimulatedReport(chip)
        report.reportData = reportData
        report.hostData = hostData
        report.measurement = measurement
        report.reportID = SHA256Digest(sha256: Array("2cvm simulated report".utf8) + chip.chipID.bytes + hostData.bytes)
        adjust(&report)
        return try sign(report.encoded)
    }

    /// Appends the signature to bytes that need not be a report at all.
    ///
    /// - Parameter content: ``SimulatedReport/signedByteCount`` bytes.
    /// - Returns: ``SimulatedReport/byteCount`` bytes.
    package func sign(_ content: [UInt8]) throws(SimulationError) -> [UInt8] {
        precondition(content.count == SimulatedReport.signedByteCount, "the signed part has a fixed size")
        let signature: [UInt8]
        do {
            signature = Array(try keys.endorsement.signature(for: SHA384.hash(data: content)).rawRepresentation)
        } catch {
            throw .signingFailed
        }
        // R and S, little-endian, in 72 bytes each.
        let padding = [UInt8](repeating: 0, count: 24)
        let fields = content + signature[..<48].reversed() + padding + signature[48...].reversed() + padding
        return fields + [UInt8](repeating: 0, count: SimulatedReport.byteCount - fields.count)
    }
}
