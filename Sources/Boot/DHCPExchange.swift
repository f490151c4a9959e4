internal import Platform
internal import CBoot
internal import CPlatform

/// Asks for an address once, for as long as the VM lives.
///
/// There is no renewal: a VM lives for one session, and a network that takes its address back only stops the session
/// from being reached. There is no name service either: the agent calls nobody.
struct DHCPExchange {
    private static let attempts = 5
    /// Of one wait, in which any number of wrong answers may come.
    private static let patience = Duration.seconds(3)
    private static let broadcastFlag: [UInt8] = [0x80, 0]

    let hardwareAddress: [UInt8]
    let transaction: UInt32
    private var refused = 0

    /// - Parameter hardwareAddress: 6 bytes.
    init(hardwareAddress: [UInt8]) {
        self.hardwareAddress = hardwareAddress
        transaction = .random(in: .min ... .max)
    }

    /// Asks until somebody answers well.
    ///
    /// - Throws: ``BootError/noLease(refused:)``, ``BootError/network(_:_:)``.
    mutating func lease(on interface: String) throws(BootError) -> DHCPLease {
        let result = unsafe cp_boot_dhcp_socket(interface)
        guard result >= 0 else { throw .network(interface, ErrorNumber(-result)) }
        let socket = Descriptor(owning: result)
        for _ in 0..<Self.attempts {
            try send(discovery, to: socket, interface)
            guard let offer = receive(from: socket, where: { $0.kind == .offer }), let offered = offer.lease else {
                continue
            }
            try send(request(offered, of: offer.server), to: socket, interface)
            // What is acknowledged must be what was offered.
            let answer = receive(from: socket) { answer in
                answer.server == offer.server
                    && (answer.kind == .refusal || answer.kind == .acknowledgement && answer.lease == offered)
            }
            if answer?.kind == .acknowledgement { return offered }
        }
        throw .noLease(refused: refused)
    }

    private func send(_ message: [UInt8], to socket: borrowing Descriptor, _ interface: String) throws(BootError) {
        let number = socket.number
        let result = unsafe message.withUnsafeBytes { unsafe cp_boot_dhcp_send(number, $0.baseAddress, $0.count) }
        guard result >= 0 else { throw .network(interface, ErrorNumber(-result)) }
    }

    /// The first answer that is wanted, or `nil` when the time is over.
    private mutating func receive(
        from socket: borrowing Descriptor, where isWanted: (DHCPMessage) -> Bool
    ) -> DHCPMessage? {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else { return nil }
            let milliseconds = Int32(remaining / .milliseconds(1)) + 1
            guard let bytes = Self.datagram(from: socket, milliseconds) else { continue }
            let message = try? DHCPMessage(
                decoding: bytes, transaction: transaction, hardwareAddress: hardwareAddress)
            if let message, isWanted(message) { return message }
            refused += 1
        }
    }

    private static func datagram(from socket: borrowing Descriptor, _ milliseconds: Int32) -> [UInt8]? {
        let number = socket.number
        var result: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: DHCPMessage.maximumByteCount) { buffer, count in
            result = unsafe cp_boot_dhcp_receive(number, buffer.baseAddress, buffer.count, milliseconds)
            count = max(0, Int(result))
        }
        return result > 0 ? bytes : nil
    }

    // MARK: - Questions

    var discovery: [UInt8] { message([53, 1, 1] + Self.wanted) }

    func request(_ lease: DHCPLease, of server: IPv4Address) -> [UInt8] {
        message([53, 1, 3, 50, 4] + lease.address.bytes + [54, 4] + server.bytes + Self.wanted)
    }

    /// Mask and router.
    private static let wanted: [UInt8] = [55, 2, 1, 3]

    private func message(_ options: [UInt8]) -> [UInt8] {
        // BOOTREQUEST over Ethernet, no hops; answers to everyone, as there is no address yet.
        var bytes: [UInt8] = [1, 1, 6, 0] + IPv4Address(transaction).bytes + [0, 0] + Self.broadcastFlag
        bytes += [UInt8](repeating: 0, count: 16) + hardwareAddress
        bytes += [UInt8](repeating: 0, count: DHCPMessage.fixedByteCount - 4 - bytes.count)
        bytes += DHCPMessage.cookie + options + [255]
        // Old relays want BOOTP's length.
        return bytes + [UInt8](repeating: 0, count: max(0, 300 - bytes.count))
    }
}

extension IPv4Address {
    var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * $0)) } }
}
