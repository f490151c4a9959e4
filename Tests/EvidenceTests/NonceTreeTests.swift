import Evidence
import Primitives
import Testing

@Suite("The nonce tree")
struct NonceTreeTests {
    private func nonces(_ count: Int) -> [FixedBytes<32>] {
        (0..<count).map { SHA256Digest(sha256: [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF), UInt8($0 >> 16)]) }
    }

    /// RFC 9162, section 2.1.1, by its recursive definition.
    private func definedRoot(_ nonces: ArraySlice<FixedBytes<32>>) -> SHA256Digest {
        if nonces.count == 1, let only = nonces.first { return SHA256Digest(sha256: [0] + only.bytes) }
        var split = 1
        while split * 2 < nonces.count { split *= 2 }
        let left = definedRoot(nonces.prefix(split))
        let right = definedRoot(nonces.dropFirst(split))
        return SHA256Digest(sha256: [1] + left.bytes + right.bytes)
    }

    @Test("is refused empty and beyond its bound")
    func bounds() {
        #expect(NonceTree([]) == nil)
        #expect(NonceTree(nonces(NonceTree.maximumCount + 1)) == nil)
    }

    @Test("has the root and the paths that RFC 9162 defines", arguments: Array(1...33))
    func definition(_ count: Int) throws {
        let nonces = nonces(count)
        let tree = try #require(NonceTree(nonces))
        #expect(tree.root == definedRoot(nonces[...]))
        for index in 0..<count {
            #expect(tree.path(at: index).root(of: nonces[index]) == tree.root)
        }
    }

    @Test("takes no path for another nonce, place or size", arguments: Array(1...17))
    func forgeries(_ count: Int) throws {
        let nonces = nonces(count)
        let tree = try #require(NonceTree(nonces))
        for index in 0..<count {
            let path = tree.path(at: index)
            for other in 0..<count where other != index {
                #expect(path.root(of: nonces[other]) != tree.root)
                let moved = InclusionPath(index: other, size: count, hashes: path.hashes)
                #expect(moved.root(of: nonces[index]) != tree.root)
            }
            let short = InclusionPath(index: index, size: count, hashes: path.hashes.dropLast())
            #expect(count == 1 || short.root(of: nonces[index]) == nil)
            let long = InclusionPath(index: index, size: count, hashes: path.hashes + [tree.root])
            #expect(long.root(of: nonces[index]) == nil)
        }
    }

    @Test(
        "refuses paths out of bounds", arguments: [(-1, 1), (1, 1), (0, 0), (0, -1), (0, 65_537), (Int.max, Int.max)])
    func hostilePaths(_ index: Int, _ size: Int) {
        let path = InclusionPath(index: index, size: size, hashes: [])
        #expect(path.root(of: FixedBytes(repeating: 0)) == nil)
    }

    @Test("never takes a node for a nonce")
    func domains() throws {
        let nonces = nonces(4)
        let tree = try #require(NonceTree(nonces))
        let pair = try #require(NonceTree(Array(nonces[..<2])))
        let sibling = tree.path(at: 0).hashes[1]
        let path = InclusionPath(index: 0, size: 2, hashes: [sibling])
        #expect(path.root(of: pair.root) != tree.root)
    }

    @Test("answers as many as it promises")
    func full() throws {
        let nonces = nonces(NonceTree.maximumCount)
        let tree = try #require(NonceTree(nonces))
        let path = tree.path(at: 40_001)
        #expect(path.hashes.count == InclusionPath.maximumHashCount)
        #expect(path.root(of: nonces[40_001]) == tree.root)
    }
}
