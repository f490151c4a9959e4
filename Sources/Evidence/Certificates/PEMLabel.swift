/// What a PEM block can hold here, by its label.
public enum PEMLabel: String, Sendable {
    case certificate = "CERTIFICATE"
    case revocationList = "X509 CRL"
}
