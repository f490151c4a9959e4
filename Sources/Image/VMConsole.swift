/// A VM's console, line by line, as a terminal may show it.
///
/// What comes out of a VM is whatever runs there, so nothing but printable ASCII passes; the rest is escaped.
public struct VMConsole: Sendable {
    /// What the agent prints when it serves. The address after it is the VM's own, and of no use outside.
    static let announcement = "2cvm-agent: listening on "
    /// Bytes of one line that are kept.
    public static let maximumLineByteCount = 1024

    /// Whether the agent has said that it listens.
    public private(set) var isListening = false
    private var line: [UInt8] = []
    private var isCut = false

    public init() {}

    /// Takes what came, and gives the lines that it completes.
    public mutating func take(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            switch byte {
            case 0x0A: lines.append(endLine())
            case 0x0D: break
            case _ where line.count < Self.maximumLineByteCount: line.append(byte)
            default: isCut = true
            }
        }
        return lines
    }

    /// What is left when no more will come: nothing, or a line without an end.
    public mutating func finish() -> [String] { line.isEmpty ? [] : [endLine()] }

    private mutating func endLine() -> String {
        let text = line.map { 0x20...0x7E ~= $0 ? String(Unicode.Scalar($0)) : "\\x" + [$0].hexDigits }.joined()
        if text.contains(Self.announcement) { isListening = true }
        defer {
            line = []
            isCut = false
        }
        return text + (isCut ? "..." : "")
    }
}

extension [UInt8] {
    fileprivate var hexDigits: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
