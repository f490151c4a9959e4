extension FixedBytes<32> {
    /// The first 16 bits of a digest for each word, for two people to compare by telephone.
    ///
    /// Each word is a proquint: consonant, vowel, consonant, vowel, consonant. Whoever seeks two digests of equal words
    /// tries about 2^(8 × `count`) of them.
    ///
    /// - Parameter count: how many words, 1 to 16.
    public func words(_ count: Int) -> String {
        let consonants = Array("bdfghjklmnprstvz")
        let vowels = Array("aiou")
        let words = (0..<min(max(count, 1), bytes.count / 2)).map { index in
            let bits = Int(bytes[2 * index]) << 8 | Int(bytes[2 * index + 1])
            let letters = [
                consonants[bits >> 12], vowels[bits >> 10 & 3], consonants[bits >> 6 & 15], vowels[bits >> 4 & 3],
                consonants[bits & 15],
            ]
            return String(letters)
        }
        return words.joined(separator: "-")
    }
}
