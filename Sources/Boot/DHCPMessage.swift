/// An IPv4 address. Big-endian, as on the wire.
public struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt32

    /// Takes the number that the dotted form stands for: 0x7F000001 is 127.0.0.1.
    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Whether one machine could have it: not of 0/8, of 127/8, nor of 224/3 (multicast, reserved, broadcast).
    public var isOrdinary: Bool {
        let first = rawValue >> 24
        return first != 0 && first != 127 && first < 224
    }

    /// `10.0.2.15`.
    public var description: String {
        (0..<4).map { "\(rawValue >> (24 - 8 * $0) & 0xFF)" }.joined(separator: ".")
    }
}

/// What a DHCP server answered, as far as this client wants to know. Hostile: the host wrote it.
///
/// Source: RFC 2131, RFC 2132. Names, name servers, routes, times and vendors' options are passed over unread.
public struct DHCPMessage: Equatable, Sendable {
    /// Ethernet's longest frame, less IP and UDP.
    public static let maximumByteCount = 1472
    static let fixedByteCount = 240
    static let cookie: [UInt8] = [99, 130, 83, 99]

    /// What a server says.
    public enum Kind: UInt8, Sendable {
        case offer = 2
        case acknowledgement = 5
        case refusal = 6
    }

    public let kind: Kind
    public let server: IPv4Address
    /// `nil` in a refusal.
    public let lease: DHCPLease?

    /// Reads a server's answer.
    ///
    /// - Parameters:
    ///   - transaction: the number that this client drew.
    ///   - hardwareAddress: 6 bytes of the interface that asked.
    /// - Throws: ``DHCPError``: anything that is no answer to this question, and any lease that could not be kept
    ///   by one machine in one network.
    public init(
        decoding bytes: [UInt8], transaction: UInt32, hardwareAddress: [UInt8]
    ) throws(DHCPError) {
        guard Self.fixedByteCount..<Self.maximumByteCount + 1 ~= bytes.count else { throw .length }
        // BOOTREPLY over Ethernet.
        guard bytes[0] == 2, bytes[1] == 1, bytes[2] == 6 else { throw .header }
        guard Self.number(bytes[4..<8]) == transaction else { throw .transaction }
        guard bytes[28..<44].elementsEqual(hardwareAddress + [UInt8](repeating: 0, count: 10)) else {
            throw .hardwareAddress
        }
        guard bytes[236..<240].elementsEqual(Self.cookie) else { throw .cookie }
        let options = try Self.options(bytes[Self.fixedByteCount...])
        // Options inside the names' fields (RFC 2132, 9.3) have no use here.
        guard options[52] == nil else { throw .overload }
        guard let kind = options[53], kind.count == 1, let kind = Kind(rawValue: kind[kind.startIndex]) else {
            throw .kind
        }
        self.kind = kind
        guard let server = try Self.address(54, in: options), server.isOrdinary else { throw .server }
        self.server = server
        lease = kind == .refusal ? nil : try DHCPLease(address: Self.number(bytes[16..<20]), options)
    }

    static func number(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    fileprivate static func address(
        _ code: UInt8, in options: [UInt8: ArraySlice<UInt8>]
    ) throws(DHCPError) -> IPv4Address? {
        guard let value = options[code] else { return nil }
        guard value.count == 4 else { throw .option(code) }
        return IPv4Address(number(value))
    }

    /// Code, length, value; 0 fills, 255 ends. Whatever follows the end is not looked at.
    private static func options(_ bytes: ArraySlice<UInt8>) throws(DHCPError) -> [UInt8: ArraySlice<UInt8>] {
        var options: [UInt8: ArraySlice<UInt8>] = [:]
        var rest = bytes
        while let code = rest.popFirst() {
            switch code {
            case 0: continue
            case 255: return options
            default: break
            }
            guard let length = rest.popFirst(), Int(length) <= rest.count else { throw .option(code) }
            // RFC 3396 joins an option's parts. None that is wanted here has parts.
            guard options.updateValue(rest.prefix(Int(length)), forKey: code) == nil else { throw .option(code) }
            rest = rest.dropFirst(Int(length))
        }
        throw .unterminated
    }
}

/// An address in a network, and perhaps a way out of it.
public struct DHCPLease: Equatable, Sendable {
    public let address: IPv4Address
    /// Bits of the network's part, 8 to 30.
    public let prefixLength: Int
    public let router: IPv4Address?

    public var mask: IPv4Address { IPv4Address(~0 << UInt32(32 - prefixLength)) }

    fileprivate init(address: UInt32, _ options: [UInt8: ArraySlice<UInt8>]) throws(DHCPError) {
        self.address = IPv4Address(address)
        guard let mask = try DHCPMessage.address(1, in: options)?.rawValue else { throw .mask }
        prefixLength = mask.leadingZeroBitCount == 0 ? (~mask).leadingZeroBitCount : 0
        guard 8...30 ~= prefixLength, mask == ~0 << UInt32(32 - prefixLength) else { throw .mask }
        guard Self.isHost(self.address, mask) else { throw .address }

        guard let routers = options[3] else {
            router = nil
            return
        }
        // In order of preference; the first is taken.
        guard !routers.isEmpty, routers.count.isMultiple(of: 4) else { throw .option(3) }
        let router = IPv4Address(DHCPMessage.number(routers.prefix(4)))
        guard Self.isHost(router, mask), router.rawValue & mask == address & mask, router != self.address else {
            throw .router
        }
        self.router = router
    }

    /// Neither the network itself nor everyone in it.
    private static func isHost(_ address: IPv4Address, _ mask: UInt32) -> Bool {
        let host = address.rawValue & ~mask
        return address.isOrdinary && host != 0 && host != ~mask
    }
}

/// Why an answer is not taken.
public enum DHCPError: Error, Equatable, Sendable {
    case length
    case header
    case transaction
    case hardwareAddress
    case cookie
    case option(UInt8)
    case unterminated
    case overload
    case kind
    case server
    case address
    case mask
    case router
}
