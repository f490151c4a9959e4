public import Commitments
public import Primitives
internal import SwiftASN1

/// Where AMD's Key Distribution Service (KDS) has the certificates that belong to a report.
///
/// Nothing here touches the network. What comes from there is signed, so who carried it does not matter.
/// Source: AMD 57230, VCEK Certificate and KDS Interface Specification.
public struct KeyDistribution: Equatable, Sendable {
    private static let host = "https://kdsintf.amd.com"

    public let product: SEVProduct
    public let key: SEVSNPRequirements.EndorsementKey
    /// The chip's own certificate; `nil` for a VLEK, which AMD gives to the cloud provider alone.
    public let leaf: KeyDistributionFile?
    /// Intermediate and root, one after the other in PEM.
    public let chain: KeyDistributionFile
    public let revocationList: KeyDistributionFile

    /// The files for one report.
    ///
    /// - Parameters:
    ///   - report: whose signing key the certificates are for.
    ///   - known: needed where the report is of version 2, which does not name it.
    /// - Throws: ``KeyDistributionError``.
    public init(_ report: AttestationReport, product known: SEVProduct? = nil) throws(KeyDistributionError) {
        if let processor = report.processor, processor.product == nil { throw .unknownProcessor(processor) }
        guard let product = report.processor?.product ?? known else { throw .unknownProduct }
        if let known, known != product { throw .otherProduct(report: product) }
        guard let key = report.signer.signingKey.kind else { throw .notSigned }
        guard let tcb = report.tcb.reported.decoded(as: product.tcbLayout) else { throw .unreadableTCB }
        self.product = product
        self.key = key
        let folder = "\(Self.host)/\(key.rawValue)/v1/\(product.rawValue)"
        chain = KeyDistributionFile(
            name: "\(key.rawValue)-chain-\(product.rawValue).pem", url: "\(folder)/cert_chain",
            maximumByteCount: CertificateChainText.maximumByteCount)
        revocationList = KeyDistributionFile(
            name: "\(key.rawValue)-crl-\(product.rawValue).der", url: "\(folder)/crl",
            maximumByteCount: RevocationList.maximumByteCount)
        switch key {
        case .vlek: leaf = nil
        case .vcek:
            guard !report.chipID.isZero else { throw .maskedChip }
            let chip = report.chipID.bytes.prefix(product == .turin ? 8 : 64).hex
            leaf = KeyDistributionFile(
                name: "vcek-\(product.rawValue)-\(chip)-\(report.tcb.reported).der",
                url: "\(folder)/\(chip)?\(tcb.query)", maximumByteCount: Certificate.maximumByteCount)
        }
    }
}

/// One file of the service.
public struct KeyDistributionFile: Equatable, Sendable {
    /// What it is called in a cache: one name for each content that can be asked for.
    public let name: String
    /// https, printable, no user name and no fragment.
    public let url: String
    public let maximumByteCount: Int
}

extension TCBVersion {
    /// As the service asks for it: decimal, Turin's FMC first.
    fileprivate var query: String {
        let parts = [("blSPL", bootLoader), ("teeSPL", tee), ("snpSPL", snp), ("ucodeSPL", microcode)]
        let all = (fmc.map { [("fmcSPL", $0)] } ?? []) + parts
        return all.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }
}

/// The service's chain file: the intermediate's certificate, then the root's, in PEM.
public struct CertificateChainText: Equatable, Sendable {
    public static let maximumByteCount = 16_384

    public let intermediate: Certificate
    public let root: Certificate

    /// Decodes exactly two certificates. Trusted are they not yet.
    ///
    /// - Throws: ``KeyDistributionError``.
    public init(decoding bytes: [UInt8]) throws(KeyDistributionError) {
        guard bytes.count <= Self.maximumByteCount, let blocks = pemBlocks(in: bytes),
            let documents = try? PEMDocument.parseMultiple(pemString: blocks),
            documents.count == 2, documents.allSatisfy({ $0.discriminator == PEMLabel.certificate.rawValue })
        else { throw .unreadableChain }
        do throws(CertificateError) {
            intermediate = try Certificate(decoding: documents[0].derBytes)
            root = try Certificate(decoding: documents[1].derBytes)
        } catch {
            throw .certificate(error)
        }
    }
}

/// Why a report has no certificates to ask for, or an answer is not one.
public enum KeyDistributionError: Error, Equatable, Sendable {
    case unknownProduct
    /// The report names its processor, and this release does not know it.
    case unknownProcessor(Processor)
    case otherProduct(report: SEVProduct)
    case notSigned
    case unreadableTCB
    case maskedChip
    case unreadableChain
    case certificate(CertificateError)
}

extension KeyDistributionError: ExplainedError {
    public var code: String {
        switch self {
        case .unknownProduct, .unknownProcessor, .otherProduct: "evidence.kds.product"
        case .notSigned: "evidence.kds.unsigned"
        case .unreadableTCB: "evidence.kds.tcb"
        case .maskedChip: "evidence.kds.chip"
        case .unreadableChain: "evidence.kds.chain"
        case .certificate(let error): error.code
        }
    }

    public var message: String {
        switch self {
        case .unknownProduct: "the report does not say of which product the processor is"
        case .unknownProcessor(let processor):
            "the report is from a processor that this release does not know: CPUID family, model and stepping "
                + processor.description
        case .otherProduct(let product): "the report is from a \(product.rawValue)"
        case .notSigned: "the platform was told not to sign reports"
        case .unreadableTCB: "the reported TCB has bytes set that its product reserves"
        case .maskedChip: "the report does not name its chip"
        case .unreadableChain: "expected two certificates in PEM"
        case .certificate(let error): error.message
        }
    }

    public var hint: String? {
        switch self {
        case .unknownProduct: "name it with --product Milan, Genoa or Turin"
        case .unknownProcessor: "a later release may know it; no certificate makes such a report acceptable here"
        case .maskedChip:
            "the platform hides it (MASK_CHIP_ID), so no certificate can be matched with the report and none makes it "
                + "acceptable; its operator must turn MASK_CHIP_ID off, or sign with a VLEK"
        case .certificate(let error): error.hint
        default: nil
        }
    }
}
