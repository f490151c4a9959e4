public import Primitives

/// Why a simulated platform could not be made. Never says anything of a key.
public enum SimulationError: Error, Equatable, Sendable {
    case unreadableKeys(JSONError)
    case wrongKeyFile(JSONShapeError)
    case wrongKey(String)
    case keyGenerationFailed
    case signingFailed
    /// Certificates that these keys have not made for this chip.
    case otherCertificates
    /// A name or a value that a certificate cannot hold.
    case encodingFailed
}

extension SimulationError: ExplainedError {
    public var code: String {
        switch self {
        case .unreadableKeys, .wrongKeyFile, .wrongKey: "simulation.keys"
        case .keyGenerationFailed: "simulation.key-generation"
        case .signingFailed: "simulation.signing"
        case .otherCertificates: "simulation.certificates"
        case .encodingFailed: "simulation.encoding"
        }
    }

    public var message: String {
        switch self {
        case .unreadableKeys(let error): "the simulation's keys are no JSON: \(error.message)"
        case .wrongKeyFile(let error): "the simulation's keys have another form: \(error.message)"
        case .wrongKey(let name): "\(name) is not a key of its kind"
        case .keyGenerationFailed: "could not draw the simulation's keys"
        case .signingFailed: "could not sign with the simulation's keys"
        case .otherCertificates: "the certificates were made with other keys or for another chip"
        case .encodingFailed: "could not write a certificate with these values"
        }
    }

    public var hint: String? {
        switch self {
        case .unreadableKeys, .wrongKeyFile, .wrongKey: "delete the file; new keys are drawn, under a new root"
        default: nil
        }
    }
}
