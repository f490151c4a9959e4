/// A processor family that signs with a root of its own.
public enum SEVProduct: String, CaseIterable, Hashable, Sendable {
    case milan = "Milan"
    case genoa = "Genoa"
    case turin = "Turin"
}
