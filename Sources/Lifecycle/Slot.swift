public import Commitments
public import Primitives

/// A place in the manifest that one participant promised to fill, once; in a plan another session may.
public struct Slot: Equatable, Sendable {
    /// What fills a slot, and what it must hash to.
    public enum Promise: Equatable, Sendable {
        /// Code, pinned by its plain SHA-256.
        case component(SHA256Digest)
        /// Data, pinned by its salted commitment.
        case data(SHA256Digest)
        /// Data that its provider chose to leave open; the receipt says what it was.
        case anyData
    }

    public let name: Name
    /// Who fills it.
    public let provider: End
    public let promise: Promise
    /// The most bytes that the content may have.
    public let maximumBytes: Int
    /// Whether it is filled for each run anew.
    public let isPerRun: Bool

    /// Every slot of a manifest: its components, then its data, each in the manifest's order.
    public static func all(of manifest: Manifest) -> [Slot] {
        let components = manifest.components.map { entry in
            Slot(
                name: entry.name, provider: .participant(entry.provider), promise: .component(entry.digest),
                maximumBytes: entry.maximumBytes, isPerRun: false)
        }
        let data = manifest.data.map { entry in
            let promise: Promise =
                switch entry.commitment {
                case .fixed(let digest): .data(digest)
                case .any: .anyData
                }
            return Slot(
                name: entry.name, provider: entry.provider, promise: promise, maximumBytes: entry.maximumBytes,
                isPerRun: entry.period == .run)
        }
        return components + data
    }

    /// Whether code fills it.
    public var isComponent: Bool {
        if case .component = promise { true } else { false }
    }
}

/// A slot with what came to fill it.
public struct FilledSlot: Equatable, Sendable {
    public let slot: Slot
    /// The plain digest of code, or the salted commitment to data.
    public let digest: SHA256Digest
    /// Where another session filled it.
    public let part: PeerPart?
}
