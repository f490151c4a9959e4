public import Primitives

/// The digests of a kernel, its initramfs and its command line, which firmware with measured direct
/// boot compares with what the host hands it.
///
/// Source: QEMU, `target/i386/sev.c`, SevHashTable; OVMF, AmdSev platform.
public struct KernelHashes: Equatable, Sendable {
    /// Linux on x86 reads no more (COMMAND_LINE_SIZE, with its final NUL).
    public static let maximumCommandLineByteCount = 2047

    public let kernel: SHA256Digest
    public let initrd: SHA256Digest
    public let commandLine: SHA256Digest

    /// Takes digests of files that may be too large to hold.
    ///
    /// - Parameters:
    ///   - kernel: SHA-256 over the whole file.
    ///   - initrd: SHA-256 over the whole file; `nil` for none, which hashes as an empty one.
    ///   - commandLine: without a final NUL.
    /// - Throws: ``LaunchError`` for a command line that Linux would cut.
    public init(kernel: SHA256Digest, initrd: SHA256Digest?, commandLine: String) throws(LaunchError) {
        let text = Array(commandLine.utf8)
        guard !text.contains(0) else { throw .commandLineHasNUL }
        guard text.count <= Self.maximumCommandLineByteCount else { throw .commandLineTooLong(found: text.count) }
        self.kernel = kernel
        self.initrd = initrd ?? SHA256Digest(sha256: [])
        self.commandLine = SHA256Digest(sha256: text + [0])
    }

    static let tableByteCount = 176
    private static let header = GUID(0x9438d606_4f22_4cc9, 0xb479_a793d411fd21)
    private static let commandLineEntry = GUID(0x97d02dd8_bd20_4c94, 0xaa78_e7714d36ab2a)
    private static let initrdEntry = GUID(0x44baf731_3a2f_4bd7, 0x9af1_41e29169781d)
    private static let kernelEntry = GUID(0x4de79437_abd2_427f, 0xb835_d5b172d2045b)

    /// The table as the host writes it: 168 bytes, padded to 176.
    var table: [UInt8] {
        let entries = [
            (Self.commandLineEntry, commandLine), (Self.initrdEntry, initrd), (Self.kernelEntry, kernel),
        ].flatMap { guid, digest in guid.bytes.bytes + UInt16(50).littleEndianBytes + digest.bytes }
        let table = Self.header.bytes.bytes + UInt16(168).littleEndianBytes + entries
        return table + [UInt8](repeating: 0, count: Self.tableByteCount - table.count)
    }

    /// The page that holds the table at `offset`, zero elsewhere.
    ///
    /// - Precondition: the table ends within the page.
    func page(at offset: Int) -> [UInt8] {
        var page = [UInt8](repeating: 0, count: FirmwareLayout.pageByteCount)
        page.replaceSubrange(offset..<offset + Self.tableByteCount, with: table)
        return page
    }
}
