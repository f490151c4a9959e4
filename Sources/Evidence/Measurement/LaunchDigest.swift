internal import Crypto
internal import Primitives

/// The launch digest while it grows, page by page.
///
/// Each step hashes a PAGE_INFO of 0x70 bytes: the digest so far, the page's contents, its own length,
/// the page's type and flags (zero here), and the guest-physical address.
/// Source: AMD 56860, SEV-SNP Firmware ABI, SNP_LAUNCH_UPDATE.
struct LaunchDigest {
    enum PageType: UInt8 {
        case normal = 1
        case vmsa = 2
        case zero = 3
        case unmeasured = 4
        case secrets = 5
        case cpuid = 6
    }

    /// Where the firmware says that processor states lie, whatever their true address.
    static let processorStateAddress: UInt64 = 0xFFFF_FFFF_F000
    private static let contents = 48..<96

    private var pageInfo = [UInt8](repeating: 0, count: 0x70)

    init(continuing value: FixedBytes<48> = FixedBytes(repeating: 0)) {
        pageInfo.replaceSubrange(0..<48, with: value.bytes)
        pageInfo[96] = UInt8(pageInfo.count)
    }

    var value: FixedBytes<48> { FixedBytes(pageInfo.span, at: 0) }

    /// Pages of guest memory with these contents.
    ///
    /// - Precondition: `bytes` are whole pages.
    mutating func extend(pages bytes: [UInt8], at address: UInt64) {
        for start in stride(from: 0, to: bytes.count, by: FirmwareLayout.pageByteCount) {
            let page = bytes[start..<start + FirmwareLayout.pageByteCount]
            extend(.normal, at: address + UInt64(start), contents: SHA384.hash(data: page))
        }
    }

    /// Pages whose contents are not part of the digest.
    mutating func extend(_ type: PageType, at address: UInt64, byteCount: UInt32) {
        for index in Self.contents { pageInfo[index] = 0 }
        for start in stride(from: 0, to: UInt64(byteCount), by: FirmwareLayout.pageByteCount) {
            extend(type, at: address + start)
        }
    }

    /// The page of registers that `count` processors start with alike.
    mutating func extend(processorState page: [UInt8], count: Int) {
        let contents = SHA384.hash(data: page)
        for _ in 0..<count { extend(.vmsa, at: Self.processorStateAddress, contents: contents) }
    }

    private mutating func extend(_ type: PageType, at address: UInt64, contents: SHA384Digest) {
        for (index, byte) in zip(Self.contents, contents) { pageInfo[index] = byte }
        extend(type, at: address)
    }

    private mutating func extend(_ type: PageType, at address: UInt64) {
        pageInfo[98] = type.rawValue
        for index in 0..<8 { pageInfo[104 + index] = UInt8(truncatingIfNeeded: address >> (8 * UInt64(index))) }
        for (index, byte) in SHA384.hash(data: pageInfo).enumerated() { pageInfo[index] = byte }
    }
}
