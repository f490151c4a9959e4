internal import Commitments
internal import Keys
internal import Lifecycle
internal import Platform
internal import Plans
internal import Primitives

/// The folder that a plan's receipts and outputs are fetched into: one folder for each session, and in it one more for
/// each further machine.
///
/// `pool/coefficients` is the first machine's that was fetched; `pool/attempt.2/coefficients` that of the second.
/// Names of outputs have no dot, so none is in the way.
struct FetchedSessions {
    private let folder: String
    /// By session id, of what lies there already.
    private(set) var places: [SHA256Digest: String] = [:]
    private var names: [Name: Set<SHA256Digest>] = [:]

    /// Looks for what was fetched before. Nothing of it is verified.
    init(_ folder: String, _ sessions: [Name]) throws(CommandFailure) {
        self.folder = folder
        for name in sessions {
            let own = "\(folder)/\(name)"
            let later = (1...PlannedSession.maximumAttempts).map { "\(own)/attempt.\($0)" }
            for place in [own] + later where NamedFile.exists("\(place)/\(OutputFiles.receipt)") {
                guard let receipt = try Self.claim(in: place) else { continue }
                note(receipt.session, of: name, in: place)
            }
        }
    }

    /// How many of a session's machines were fetched.
    func count(of session: Name) -> Int { names[session]?.count ?? 0 }

    /// Where a machine's files go.
    func place(of session: Name, attempt: Int) -> String {
        let own = "\(folder)/\(session)"
        return NamedFile.exists("\(own)/\(OutputFiles.receipt)") ? "\(own)/attempt.\(attempt)" : own
    }

    mutating func note(_ id: SHA256Digest, of session: Name, in place: String) {
        places[id] = place
        names[session, default: []].insert(id)
    }

    /// What a receipt that lies there says of its session, by its own word.
    private static func claim(
        in place: String
    ) throws(CommandFailure) -> (session: SHA256Digest, key: SigningPublicKey)? {
        let bytes = try readFile(
            "\(place)/\(OutputFiles.receipt)",
            maximumByteCount: Envelope.maximumByteCount(of: Receipt.payloadType))
        guard let envelope = try? Envelope(decoding: bytes, as: Receipt.payloadType),
            let value = try? JSONValue(
                parsing: envelope.payload, maximumByteCount: Receipt.payloadType.maximumByteCount),
            var object = try? JSONReader(value).object(), let session: SHA256Digest = try? object.hex("session"),
            let key = try? object.required("signingKey").signingPublicKey()
        else { return nil }
        return (session, key)
    }

    /// Keeps what a machine says that it sent, where it says more than before.
    ///
    /// - Returns: the flows of which at least one delivery is kept.
    func keep(_ list: DeliveryList, of id: SHA256Digest) throws(CommandFailure) -> Set<Flow> {
        guard let place = places[id], let claim = try Self.claim(in: place) else { return [] }
        let path = "\(place)/\(OutputFiles.deliveries)"
        var kept: [Envelope] = []
        if NamedFile.exists(path) {
            kept = try readFile(
                path, maximumByteCount: DeliveryList.maximumByteCount, as: DeliveryList.init(decoding:)
            ).envelopes
        }
        let before = kept.count
        for envelope in list.envelopes where !kept.contains(envelope) {
            // A list is anybody's word: what the machine did not sign is not kept.
            if (try? Delivery(verifying: envelope, from: claim.key))?.session == id { kept.append(envelope) }
        }
        if kept.count > before {
            do {
                try NamedFile.replace(path, DeliveryList(kept).encoded, mode: 0o600)
            } catch {
                throw CommandFailure(error)
            }
        }
        return Set(kept.compactMap { (try? Delivery(claimedBy: $0))?.flow })
    }
}
