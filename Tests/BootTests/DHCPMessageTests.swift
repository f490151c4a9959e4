import Boot
import Platform
import Testing

/// An answer as a server of QEMU's user network writes it, open to change.
private struct Answer {
    static let transaction: UInt32 = 0x1234_5678
    static let hardwareAddress: [UInt8] = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56]

    var fixed = [UInt8](repeating: 0, count: 236)
    var cookie: [UInt8] = [99, 130, 83, 99]
    var kind: [UInt8] = [53, 1, 2]
    var server: [UInt8] = [54, 4, 10, 0, 2, 2]
    var mask: [UInt8] = [1, 4, 255, 255, 255, 0]
    var router: [UInt8] = [3, 4, 10, 0, 2, 2]
    var more: [UInt8] = []
    var end: [UInt8] = [255]

    init() {
        fixed.replaceSubrange(0..<8, with: [2, 1, 6, 0, 0x12, 0x34, 0x56, 0x78])
        address = [10, 0, 2, 15]
        fixed.replaceSubrange(28..<34, with: Self.hardwareAddress)
    }

    var address: [UInt8] {
        get { Array(fixed[16..<20]) }
        set { fixed.replaceSubrange(16..<20, with: newValue) }
    }

    var bytes: [UInt8] { fixed + cookie + kind + server + mask + router + more + end }

    func decoded() throws(DHCPError) -> DHCPMessage {
        try DHCPMessage(
            decoding: bytes, transaction: Self.transaction, hardwareAddress: Self.hardwareAddress)
    }

    /// What decoding says against it, or `nil`.
    static func error(_ change: (inout Answer) -> Void) -> DHCPError? {
        var answer = Answer()
        change(&answer)
        do throws(DHCPError) {
            _ = try answer.decoded()
            return nil
        } catch {
            return error
        }
    }
}

@Suite("An answer of a DHCP server")
struct DHCPMessageTests {
    @Test("is refused when it is shorter or longer than any, or ends early")
    func lengths() throws {
        let whole = Answer().bytes
        for count in 0..<whole.count {
            #expect(throws: DHCPError.self, "\(count) bytes") {
                try DHCPMessage(
                    decoding: Array(whole.prefix(count)), transaction: Answer.transaction,
                    hardwareAddress: Answer.hardwareAddress)
            }
        }
        #expect(Answer.error { $0.fixed = Array($0.fixed.dropLast(40)) } != nil)
        let room = DHCPMessage.maximumByteCount - whole.count
        #expect(Answer.error { $0.end += [UInt8](repeating: 0, count: room) } == nil)
        #expect(Answer.error { $0.end += [UInt8](repeating: 0, count: room + 1) } == .length)
        #expect(Answer.error { $0.end = [] } == .unterminated)
    }

    @Test("is refused when it answers another question, or is none")
    func otherQuestions() {
        #expect(Answer.error { $0.fixed[0] = 1 } == .header)
        #expect(Answer.error { $0.fixed[1] = 6 } == .header)
        #expect(Answer.error { $0.fixed[2] = 16 } == .header)
        for index in 4..<8 { #expect(Answer.error { $0.fixed[index] ^= 1 } == .transaction) }
        for index in 28..<44 { #expect(Answer.error { $0.fixed[index] ^= 1 } == .hardwareAddress) }
        for index in 0..<4 { #expect(Answer.error { $0.cookie[index] ^= 1 } == .cookie) }
        for kind: UInt8 in [0, 1, 3, 4, 7, 8, 255] {
            #expect(Answer.error { $0.kind = [53, 1, kind] } == .kind)
        }
        #expect(Answer.error { $0.kind = [] } == .kind)
        #expect(Answer.error { $0.kind = [53, 0] } == .kind)
        #expect(Answer.error { $0.kind = [53, 2, 2, 2] } == .kind)
    }

    @Test("is refused when an option overruns, comes twice, or hides others")
    func options() {
        #expect(Answer.error { $0.more = [12, 200, 1] } == .option(12))
        #expect(Answer.error { ($0.more, $0.end) = ([12], []) } == .option(12))
        #expect(Answer.error { $0.more = $0.mask } == .option(1))
        #expect(Answer.error { $0.more = [53, 1, 5] } == .option(53))
        #expect(Answer.error { $0.more = [52, 1, 3] } == .overload)
        #expect(Answer.error { $0.mask = [1, 3, 255, 255, 255] } == .option(1))
        #expect(Answer.error { $0.server = [54, 5, 10, 0, 2, 2, 0] } == .option(54))
        #expect(Answer.error { $0.router = [3, 0] } == .option(3))
        #expect(Answer.error { $0.router = [3, 5, 10, 0, 2, 2, 1] } == .option(3))
        #expect(Answer.error { $0.more = [0, 0, 6, 4, 9, 9, 9, 9, 0] } == nil)
    }

    @Test(
        "is refused with an address that no machine has",
        arguments: [
            [0, 0, 0, 0], [0, 0, 2, 15], [127, 0, 0, 1], [224, 0, 0, 1], [239, 255, 255, 250], [240, 0, 0, 1],
            [255, 255, 255, 255], [10, 0, 2, 0], [10, 0, 2, 255],
        ] as [[UInt8]])
    func addresses(_ address: [UInt8]) {
        #expect(Answer.error { ($0.address, $0.router) = (address, []) } == .address)
    }

    @Test(
        "is refused with a mask that is none, or leaves no network",
        arguments: [
            [255, 0, 255, 0], [255, 255, 255, 1], [0, 255, 255, 255], [0, 0, 0, 0], [254, 0, 0, 0],
            [255, 255, 255, 254], [255, 255, 255, 255],
        ] as [[UInt8]])
    func masks(_ mask: [UInt8]) {
        #expect(Answer.error { $0.mask = [1, 4] + mask } == .mask)
    }

    @Test("is refused without a mask or a server")
    func absence() {
        #expect(Answer.error { $0.mask = [] } == .mask)
        #expect(Answer.error { $0.server = [] } == .server)
        #expect(Answer.error { $0.server = [54, 4, 127, 0, 0, 1] } == .server)
        #expect(Answer.error { $0.server = [54, 4, 255, 255, 255, 255] } == .server)
    }

    @Test(
        "is refused with a router that is not another machine of the network",
        arguments: [[10, 0, 3, 2], [0, 0, 0, 0], [127, 0, 0, 1], [10, 0, 2, 15], [10, 0, 2, 0], [10, 0, 2, 255]]
            as [[UInt8]])
    func routers(_ router: [UInt8]) {
        #expect(Answer.error { $0.router = [3, 4] + router } == .router)
    }

    @Test("gives the lease, with the first router or with none")
    func lease() throws {
        let message = try Answer().decoded()
        #expect(message.kind == .offer)
        #expect(message.server.description == "10.0.2.2")
        #expect(message.lease?.address.description == "10.0.2.15")
        #expect(message.lease?.mask.description == "255.255.255.0")
        #expect(message.lease?.prefixLength == 24)
        #expect(message.lease?.router?.description == "10.0.2.2")

        var answer = Answer()
        answer.router = [3, 8, 10, 0, 2, 3, 8, 8, 8, 8]
        #expect(try answer.decoded().lease?.router?.description == "10.0.2.3")
        answer.router = []
        #expect(try answer.decoded().lease?.router == nil)
    }

    @Test("that refuses has no lease")
    func refusal() throws {
        var answer = Answer()
        (answer.kind, answer.mask, answer.address) = ([53, 1, 6], [], [0, 0, 0, 0])
        let message = try answer.decoded()
        #expect(message.kind == .refusal)
        #expect(message.lease == nil)
    }
}
