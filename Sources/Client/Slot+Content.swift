internal import Commitments
internal import Formats
internal import Lifecycle
internal import Primitives

extension Slot {
    /// The slot that a participant promised to fill.
    ///
    /// - Throws: ``ClientError/notYourSlot(_:)``
    init(_ name: Name, of provider: Name, under manifest: Manifest) throws(ClientError) {
        guard
            let slot = Slot.all(of: manifest).first(where: { $0.name == name && $0.provider == .participant(provider) })
        else {
            throw .notYourSlot(name.description)
        }
        self = slot
    }

    /// Whether the manifest names the very content.
    var isPinned: Bool { promise != .anyData }

    /// Compares content with what was promised, in one reading.
    ///
    /// The session does the same before it takes the content. Here its owner is told where it differs.
    /// - Parameter format: what data must be, where the manifest says so.
    /// - Returns: the salt that the header states, zeros for components; and SHA-256 of the content.
    func compare(
        _ content: ContentSource, salt: FixedBytes<32>?, format: Format?
    ) throws(ClientError) -> (salt: FixedBytes<32>, digest: SHA256Digest) {
        var plain = SHA256Hasher()
        switch promise {
        case .component(let expected):
            try read(content) { plain.update($0) }
            let digest = plain.finalize()
            guard digest == expected else { throw .contentDiffers(name) }
            return (FixedBytes(repeating: 0), digest)
        case .data, .anyData:
            guard let salt else { throw .saltMissing(name) }
            var salted = ContentHasher(salt: salt, byteCount: content.byteCount)
            var check = format.map { FormatCheck($0, maximumBytes: maximumBytes) }
            try read(content) { piece in
                plain.update(piece)
                if isPinned { salted.update(piece) }
                check?.observe(piece)
            }
            if case .data(let expected) = promise, salted.finalize() != expected { throw .contentDiffers(name) }
            try finish(&check)
            return (salt, plain.finalize())
        }
    }

    private func finish(_ check: inout FormatCheck?) throws(ClientError) {
        do {
            try check?.finish()
        } catch {
            throw .formatDiffers(name, error)
        }
    }

    private func read(_ content: ContentSource, _ body: ([UInt8]) -> Void) throws(ClientError) {
        var offset = 0
        while offset < content.byteCount {
            let piece: [UInt8]
            do {
                piece = try content.read(1 << 18, offset)
            } catch {
                throw .source(name)
            }
            guard !piece.isEmpty, piece.count <= content.byteCount - offset else { throw .contentChanged(name) }
            body(piece)
            offset += piece.count
        }
    }
}
