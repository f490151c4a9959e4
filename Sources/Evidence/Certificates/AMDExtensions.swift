internal import SwiftASN1

/// What AMD's extensions of one certificate say.
struct AMDExtensions {
    /// 0 for Milan and Genoa, 1 for Turin, which has an FMC version.
    let structVersion: UInt8
    let productName: String
    let tcb: TCBVersion
    /// Raw, or in an OCTET STRING.
    let hardwareID: [UInt8]?
    let provider: String?

    init(_ extensions: [ASN1ObjectIdentifier: [UInt8]]) throws(CertificateError) {
        let values = try Self.byName(extensions)
        structVersion = try Self.number(.structVersion, of: values)
        guard structVersion <= 1 else { throw .malformedExtension(.structVersion) }
        productName = try Self.text(.productName, of: values)
        for name in AMDExtension.reserved where values[name] != nil {
            guard try Self.number(name, of: values) == 0 else { throw .malformedExtension(name) }
        }
        let fmc: UInt8?
        if structVersion == 1 {
            fmc = try Self.number(.fmc, of: values)
        } else {
            guard values[.fmc] == nil else { throw .strayExtension(.fmc) }
            fmc = nil
        }
        tcb = TCBVersion(
            fmc: fmc, bootLoader: try Self.number(.bootLoader, of: values), tee: try Self.number(.tee, of: values),
            snp: try Self.number(.snp, of: values), microcode: try Self.number(.microcode, of: values))
        hardwareID = values[.hardwareID]
        provider = values[.provider] == nil ? nil : try Self.text(.provider, of: values)
    }

    /// Every extension with a name here. A security version without one is refused: it would
    /// never be compared.
    private static func byName(
        _ extensions: [ASN1ObjectIdentifier: [UInt8]]
    ) throws(CertificateError) -> [AMDExtension: [UInt8]] {
        var values: [AMDExtension: [UInt8]] = [:]
        for (identifier, value) in extensions {
            if let name = names[identifier] {
                values[name] = value
            } else if identifier.description.hasPrefix("1.3.6.1.4.1.3704.1.3.") {
                throw .unknownSecurityVersion(oid: identifier.shortDescription)
            }
        }
        return values
    }

    private static let names: [ASN1ObjectIdentifier: AMDExtension] = {
        var names: [ASN1ObjectIdentifier: AMDExtension] = [:]
        for name in AMDExtension.allCases {
            if let identifier = name.identifier { names[identifier] = name }
        }
        return names
    }()

    /// An INTEGER from 0 to 255: values over 127 have a leading zero byte.
    private static func number(
        _ name: AMDExtension, of values: [AMDExtension: [UInt8]]
    ) throws(CertificateError) -> UInt8 {
        guard let value = values[name] else { throw .missingExtension(name) }
        guard let node = try? DER.parse(value), let number = try? UInt8(derEncoded: node) else {
            throw .malformedExtension(name)
        }
        return number
    }

    private static func text(
        _ name: AMDExtension, of values: [AMDExtension: [UInt8]]
    ) throws(CertificateError) -> String {
        guard let value = values[name] else { throw .missingExtension(name) }
        guard let node = try? DER.parse(value), node.identifier == .ia5String,
            let text = try? printableText(node, in: .extensions)
        else { throw .malformedExtension(name) }
        return text
    }
}
