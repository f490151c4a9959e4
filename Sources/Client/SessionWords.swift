public import Primitives

/// A session's id as six words, for two people to compare by telephone before they submit.
///
/// Each word is a proquint, 16 bits as consonant, vowel, consonant, vowel, consonant: 96 bits in all, the first of the
/// id. Whoever wanted to show two participants two sessions with equal words would have to start about 2^48 of them.
public struct SessionWords: Hashable, Sendable, CustomStringConvertible {
    private static let consonants = Array("bdfghjklmnprstvz")
    private static let vowels = Array("aiou")
    private static let wordCount = 6

    public let description: String

    /// The words of a session.
    public init(_ session: SHA256Digest) {
        let bytes = session.bytes
        let words = (0..<Self.wordCount).map { index in
            let bits = Int(bytes[2 * index]) << 8 | Int(bytes[2 * index + 1])
            let letters = [
                Self.consonants[bits >> 12], Self.vowels[bits >> 10 & 3], Self.consonants[bits >> 6 & 15],
                Self.vowels[bits >> 4 & 3], Self.consonants[bits & 15],
            ]
            return String(letters)
        }
        description = words.joined(separator: "-")
    }
}
