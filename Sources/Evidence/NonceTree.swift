public import Primitives

/// A Merkle tree over the nonces that waited together, so that one hardware report answers them all.
///
/// Hashing is RFC 9162's (section 2.1.1) with SHA-256: a leaf is H(0x00 ‖ nonce), a node
/// H(0x01 ‖ left ‖ right), so that neither can pass for the other.
public struct NonceTree: Sendable {
    public static let maximumCount = 65_536

    /// From the leaves to the root. A last node without a sibling moves up as it is.
    private let levels: [[SHA256Digest]]

    /// Builds the tree, or returns `nil` for no nonces and for more than ``maximumCount``.
    public init?(_ nonces: [FixedBytes<32>]) {
        guard 1...Self.maximumCount ~= nonces.count else { return nil }
        var level = nonces.map(leafHash)
        var levels = [level]
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { index in
                index + 1 < level.count ? nodeHash(level[index], level[index + 1]) : level[index]
            }
            levels.append(level)
        }
        self.levels = levels
    }

    public var root: SHA256Digest { levels[levels.count - 1][0] }

    public var count: Int { levels[0].count }

    /// The way from one nonce to the root.
    ///
    /// - Precondition: `index` is less than ``count``.
    public func path(at index: Int) -> InclusionPath {
        precondition(levels[0].indices.contains(index), "the tree has no such nonce")
        var hashes: [SHA256Digest] = []
        var position = index
        for level in levels.dropLast() {
            let sibling = position ^ 1
            if sibling < level.count { hashes.append(level[sibling]) }
            position >>= 1
        }
        return InclusionPath(index: index, size: count, hashes: hashes)
    }
}

/// The way from one nonce to the root of a ``NonceTree``: a claim until the root is compared.
public struct InclusionPath: Hashable, Sendable {
    /// More siblings than a tree of ``NonceTree/maximumCount`` leaves has levels are never looked at.
    public static let maximumHashCount = 16

    /// The nonce's position, from 0.
    public let index: Int
    /// How many nonces the tree has.
    public let size: Int
    /// Siblings from the leaf upward.
    public let hashes: [SHA256Digest]

    /// Takes the parts as they were received. ``root(of:)`` judges them.
    public init(index: Int, size: Int, hashes: [SHA256Digest]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// The root that this path leads to from `nonce` (RFC 9162, section 2.1.3.2), or `nil` when the
    /// path is not one of a tree of ``size`` nonces.
    public func root(of nonce: FixedBytes<32>) -> SHA256Digest? {
        guard 1...NonceTree.maximumCount ~= size, 0..<size ~= index else { return nil }
        guard hashes.count <= Self.maximumHashCount else { return nil }
        var position = index
        var last = size - 1
        var hash = leafHash(nonce)
        for sibling in hashes {
            guard last > 0 else { return nil }
            if position % 2 == 1 || position == last {
                hash = nodeHash(sibling, hash)
                // Levels at which the node had no sibling.
                while position % 2 == 0, position > 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                hash = nodeHash(hash, sibling)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 ? hash : nil
    }
}

private func leafHash(_ nonce: FixedBytes<32>) -> SHA256Digest {
    SHA256Digest(sha256: [0x00] + nonce.bytes)
}

private func nodeHash(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
    SHA256Digest(sha256: [0x01] + left.bytes + right.bytes)
}
