public import Primitives

/// Guest firmware (OVMF) as SEV-SNP launches it: its pages' part of the launch digest, and its layout.
///
/// The file is whatever somebody handed over. Parsing proves its shape only; whether it is the right
/// firmware is what the launch digest says.
public struct Firmware: Equatable, Sendable {
    /// The most that is read. Firmware lies below 4 GiB, and real builds have 2 to 8 MiB.
    public static let maximumByteCount = 16 << 20

    /// The launch digest after all of the file's pages, and nothing else.
    public let pagesDigest: FixedBytes<48>
    public let layout: FirmwareLayout

    /// Parses a firmware file and measures its pages.
    ///
    /// - Parameter bytes: whole pages of 4,096 bytes, ``maximumByteCount`` at most.
    /// - Throws: ``FirmwareError``, with the offset of what is wrong.
    public init(decoding bytes: [UInt8]) throws(FirmwareError) {
        layout = try FirmwareLayout(decoding: bytes.span)
        var digest = LaunchDigest()
        digest.extend(pages: bytes, at: FirmwareLayout.end - UInt64(bytes.count))
        pagesDigest = digest.value
    }

    /// Firmware of which only the digest of the pages and the layout are known.
    package init(pagesDigest: FixedBytes<48>, layout: FirmwareLayout) {
        self.pagesDigest = pagesDigest
        self.layout = layout
    }
}
