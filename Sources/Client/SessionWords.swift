public import Primitives

/// A session's id as six words, for two people to compare by telephone before they submit.
///
/// Each word is a proquint, 16 bits as consonant, vowel, consonant, vowel, consonant: 96 bits in all, the first of the
/// id. Whoever wanted to show two participants two sessions with equal words would have to start about 2^48 of them.
public struct SessionWords: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// The words of a session.
    public init(_ session: SHA256Digest) {
        description = session.words(6)
    }
}
