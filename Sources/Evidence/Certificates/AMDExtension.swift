internal import SwiftASN1

/// AMD's own extensions, by object identifier.
public enum AMDExtension: String, CaseIterable, Equatable, Sendable {
    case structVersion = "1.3.6.1.4.1.3704.1.1"
    case productName = "1.3.6.1.4.1.3704.1.2"
    case bootLoader = "1.3.6.1.4.1.3704.1.3.1"
    case tee = "1.3.6.1.4.1.3704.1.3.2"
    case snp = "1.3.6.1.4.1.3704.1.3.3"
    case reserved4 = "1.3.6.1.4.1.3704.1.3.4"
    case reserved5 = "1.3.6.1.4.1.3704.1.3.5"
    case reserved6 = "1.3.6.1.4.1.3704.1.3.6"
    case reserved7 = "1.3.6.1.4.1.3704.1.3.7"
    case microcode = "1.3.6.1.4.1.3704.1.3.8"
    case fmc = "1.3.6.1.4.1.3704.1.3.9"
    case hardwareID = "1.3.6.1.4.1.3704.1.4"
    case provider = "1.3.6.1.4.1.3704.1.5"

    /// AMD's name for it.
    public var title: String {
        switch self {
        case .structVersion: "structVersion"
        case .productName: "productName1"
        case .bootLoader: "blSPL"
        case .tee: "teeSPL"
        case .snp: "snpSPL"
        case .reserved4: "spl4"
        case .reserved5: "spl5"
        case .reserved6: "spl6"
        case .reserved7: "spl7"
        case .microcode: "ucodeSPL"
        case .fmc: "fmcSPL"
        case .hardwareID: "hwID"
        case .provider: "cspID"
        }
    }

    static let reserved: [AMDExtension] = [.reserved4, .reserved5, .reserved6, .reserved7]

    var identifier: ASN1ObjectIdentifier? { try? ASN1ObjectIdentifier(dotRepresentation: rawValue) }
}
