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
}
