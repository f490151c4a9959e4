internal import Primitives

/// What the engine says about a component, cut to size and made safe to print.
///
/// It can quote names that the component's author chose, so it is shown to that author alone.
public struct EngineWords: Equatable, Sendable, CustomStringConvertible {
    /// Longer explanations are cut here; a backtrace of a deep recursion is the usual one.
    public static let maximumByteCount = 8_192

    public let description: String

    /// Decodes UTF-8, cuts, and replaces with U+FFFD what could steer a terminal: characters that do not show
    /// themselves, other than a line feed.
    public init(decoding bytes: some Sequence<UInt8>) {
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: Array(bytes.prefix(Self.maximumByteCount)), as: UTF8.self).unicodeScalars {
            text.append(scalar == "\n" || scalar.showsItself ? scalar : "\u{FFFD}")
        }
        description = String(text)
    }

    private init(_ text: some StringProtocol) {
        description = String(text)
    }

    /// The same words with the last offset counted from elsewhere. The engine writes it as `at offset 0x1f`, and of a
    /// function's body as `at offset 31`.
    func movingOffset(by distance: Int) -> EngineWords {
        guard let phrase = description.ranges(of: "at offset ").last else { return self }
        let rest = description[phrase.upperBound...]
        let isHexadecimal = rest.hasPrefix("0x")
        let radix = isHexadecimal ? 16 : 10
        let prefix = isHexadecimal ? "0x" : ""
        let digits = rest.dropFirst(prefix.count).prefix { $0.isASCII && $0.hexDigitValue ?? 16 < radix }
        guard let offset = Int(digits, radix: radix), offset <= Int(UInt32.max) else { return self }
        let moved = prefix + String(offset + distance, radix: radix)
        return EngineWords(description[..<phrase.upperBound] + moved + description[digits.endIndex...])
    }
}
