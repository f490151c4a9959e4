internal import Commitments
internal import enum Crypto.P384
internal import CryptoExtras
internal import Evidence
internal import Primitives
internal import SwiftASN1

/// The three certificates of a simulated platform, DER, with AMD's names and extensions.
struct SimulatedChain {
    let root: [UInt8]
    let intermediate: [UInt8]
    let leaf: [UInt8]

    static let rootSerialNumber = 0x01_0000
    static let intermediateSerialNumber = 0x01_0001

    init(_ keys: SimulationKeys, _ chip: SimulatedChip, validity: ClosedRange<Timestamp>) throws(SimulationError) {
        let names = SimulatedNames(chip)
        root = try CertificateRecipe(
            serialNumber: Self.rootSerialNumber, issuer: names.root, subject: names.root, validity: validity,
            subjectPublicKeyInfo: Array(keys.root.publicKey.derRepresentation),
            extensions: try authority(signsRevocationLists: true)
        ).signed(by: keys.root)
        intermediate = try CertificateRecipe(
            serialNumber: Self.intermediateSerialNumber, issuer: names.root, subject: names.intermediate,
            validity: validity, subjectPublicKeyInfo: Array(keys.intermediate.publicKey.derRepresentation),
            extensions: try authority(signsRevocationLists: false)
        ).signed(by: keys.root)
        // AMD's serial number for every such certificate is 0.
        leaf = try CertificateRecipe(
            serialNumber: 0, issuer: names.intermediate, subject: names.leaf, validity: validity,
            subjectPublicKeyInfo: Array(keys.endorsement.publicKey.derRepresentation),
            extensions: try endorsementExtensions(of: chip)
        ).signed(by: keys.intermediate)
    }
}

/// The common names that say which certificate is which.
struct SimulatedNames {
    let root: String
    let intermediate: String
    let leaf: String

    init(_ chip: SimulatedChip) {
        let product = chip.product.rawValue
        root = "ARK-\(product)"
        switch chip.endorsement {
        case .vcek: (intermediate, leaf) = ("SEV-\(product)", "SEV-VCEK")
        case .vlek: (intermediate, leaf) = ("SEV-VLEK-\(product)", "SEV-VLEK")
        }
    }
}

/// Basic constraints and key usage, both critical.
private func authority(signsRevocationLists: Bool) throws(SimulationError) -> [CertificateRecipe.Extension] {
    // Bits are numbered from the left: keyCertSign is 5, cRLSign 6.
    let usage: ArraySlice<UInt8> = signsRevocationLists ? [0b0000_0110] : [0b0000_0100]
    let unused = signsRevocationLists ? 1 : 2
    return [
        .init(
            identifier: [2, 5, 29, 15], isCritical: true,
            value: try encoding { try $0.serialize(ASN1BitString(bytes: usage, paddingBits: unused)) }),
        .init(
            identifier: [2, 5, 29, 19], isCritical: true,
            value: try encoding {
                try $0.appendConstructedNode(identifier: .sequence) { constraints in
                    try constraints.serialize(true)
                }
            }),
    ]
}

/// Source: AMD 57230, VCEK Certificate and KDS Interface Specification, table of extensions.
private func endorsementExtensions(of chip: SimulatedChip) throws(SimulationError) -> [CertificateRecipe.Extension] {
    let isTurin = chip.product == .turin
    var values: [(AMDExtension, [UInt8])] = [
        (.structVersion, try number(isTurin ? 1 : 0)), (.productName, try text(chip.product.rawValue)),
    ]
    if let fmc = chip.tcb.fmc { values.append((.fmc, try number(fmc))) }
    values += [(.bootLoader, try number(chip.tcb.bootLoader)), (.tee, try number(chip.tcb.tee))]
    if !isTurin { values.append((.reserved4, try number(0))) }
    for name in [AMDExtension.reserved5, .reserved6, .reserved7] { values.append((name, try number(0))) }
    values += [(.snp, try number(chip.tcb.snp)), (.microcode, try number(chip.tcb.microcode))]
    switch chip.endorsement {
    // Raw bytes, without an inner tag.
    case .vcek: values.append((.hardwareID, Array(chip.chipID.bytes.prefix(isTurin ? 8 : 64))))
    case .vlek(let provider): values.append((.provider, try text(provider)))
    }
    return try values.map { name, value throws(SimulationError) in
        guard let identifier = try? ASN1ObjectIdentifier(dotRepresentation: name.rawValue) else {
            throw .encodingFailed
        }
        return .init(identifier: identifier, value: value)
    }
}

private func number(_ value: UInt8) throws(SimulationError) -> [UInt8] {
    try encoding { try $0.serialize(Int(value)) }
}

private func text(_ value: String) throws(SimulationError) -> [UInt8] {
    try encoding { try $0.serialize(ASN1IA5String(value)) }
}
