import TestSupport

/// Bytes inside bytes, each with its length before it: a change of the inner ones mends the lengths around them.
indirect enum Piece {
    case leaf(head: [UInt8], [UInt8])
    /// The first bytes of the content stand before the pieces.
    case node(head: [UInt8], first: [UInt8], [Piece])

    var count: Int {
        switch self {
        case .leaf: 1
        case .node(_, _, let pieces): 1 + pieces.reduce(0) { $0 + $1.count }
        }
    }
}

/// How a form frames its pieces.
struct Framing: Sendable {
    let pieces: @Sendable ([UInt8]) -> [Piece]?
    let length: @Sendable (Int) -> [UInt8]
    /// What a whole file begins with.
    let preamble: Int

    func mutated(_ bytes: [UInt8], _ random: inout SeededNumbers) -> [UInt8]? {
        guard bytes.count > preamble, let pieces = pieces(Array(bytes.dropFirst(preamble))), !pieces.isEmpty else {
            return nil
        }
        let count = pieces.reduce(0) { $0 + $1.count }
        var index = Int.random(in: 0..<count, using: &random)
        return bytes.prefix(preamble) + written(edited(pieces, &index, &random))
    }

    private func edited(_ pieces: [Piece], _ index: inout Int, _ random: inout SeededNumbers) -> [Piece] {
        var found: [Piece] = []
        for piece in pieces {
            if index == 0 {
                found += changed(piece, pieces, &random)
            } else if index > 0, index < piece.count, case .node(let head, let first, let inner) = piece {
                var place = index - 1
                found.append(.node(head: head, first: first, edited(inner, &place, &random)))
            } else {
                found.append(piece)
            }
            index -= piece.count
        }
        return found
    }

    private func changed(_ piece: Piece, _ around: [Piece], _ random: inout SeededNumbers) -> [Piece] {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return []
        case 1: return [piece, piece]
        case 2: return [around.randomElement(using: &random) ?? piece]
        case 3: return [piece, around.randomElement(using: &random) ?? piece]
        default: break
        }
        switch piece {
        case .leaf(let head, let content):
            if Int.random(in: 0..<8, using: &random) == 0 {
                return [.leaf(head: mutatedBytes(head, growth: 0), content)]
            }
            return [.leaf(head: head, mutatedBytes(content))]
        case .node(let head, let first, let inner):
            return [.node(head: head, first: first, inner.shuffled(using: &random))]
        }
    }

    private func written(_ pieces: [Piece]) -> [UInt8] {
        pieces.flatMap { piece -> [UInt8] in
            switch piece {
            case .leaf(let head, let content): return head + length(content.count) + content
            case .node(let head, let first, let inner):
                let content = first + written(inner)
                return head + length(content.count) + content
            }
        }
    }
}

extension Framing {
    /// Tag, length, value.
    static let der = Framing(pieces: derPieces, length: derLength, preamble: 0)

    /// Section id, size as LEB128, content; modules and components inside one another.
    static let wasm = Framing(pieces: wasmPieces, length: leb128, preamble: 8)
}

@Sendable private func derPieces(_ bytes: [UInt8]) -> [Piece]? {
    var pieces: [Piece] = []
    var rest = bytes[...]
    while let tag = rest.popFirst() {
        guard var length = rest.popFirst().map(Int.init) else { return nil }
        if length >= 0x80 {
            let count = length - 0x80
            guard (1...3).contains(count), rest.count >= count else { return nil }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard rest.count >= length else { return nil }
        let content = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        // What an octet or bit string holds is often DER again.
        let skipped = tag == 0x03 ? 1 : 0
        if tag & 0x20 != 0 || tag == 0x04 || tag == 0x03, content.count > skipped,
            let inner = derPieces(Array(content.dropFirst(skipped))), !inner.isEmpty
        {
            pieces.append(.node(head: [tag], first: Array(content.prefix(skipped)), inner))
        } else {
            pieces.append(.leaf(head: [tag], content))
        }
    }
    return pieces
}

@Sendable private func derLength(_ count: Int) -> [UInt8] {
    if count < 0x80 { return [UInt8(count)] }
    if count < 0x100 { return [0x81, UInt8(count)] }
    if count < 0x10000 { return [0x82, UInt8(count >> 8), UInt8(count & 0xFF)] }
    return [0x83, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
}

@Sendable private func wasmPieces(_ bytes: [UInt8]) -> [Piece]? {
    var pieces: [Piece] = []
    var rest = bytes[...]
    while let id = rest.popFirst() {
        var (length, shift) = (0, 0)
        while true {
            guard let byte = rest.popFirst(), shift < 28 else { return nil }
            length |= Int(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 == 0 { break }
        }
        guard rest.count >= length else { return nil }
        let content = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        if id == 1 || id == 4, content.starts(with: [0x00, 0x61, 0x73, 0x6D]), content.count > 8,
            let inner = wasmPieces(Array(content.dropFirst(8)))
        {
            pieces.append(.node(head: [id], first: Array(content.prefix(8)), inner))
        } else {
            pieces.append(.leaf(head: [id], content))
        }
    }
    return pieces
}

@Sendable func leb128(_ value: Int) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest > 0x7F {
        bytes.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
    }
    return bytes + [UInt8(rest)]
}
