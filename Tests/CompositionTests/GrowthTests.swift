import Composition
import Testing

/// Binaries whose parts lean on each other, made to cost more than their bytes.
@Suite("Growth")
struct GrowthTests {
    private static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]
    /// As many as a binary can have where each costs two of its items.
    private static let most = 29_990

    @Test("refuses instances that hold each other, thirty thousand deep, before a stack ends")
    func nestedInstances() throws {
        // Each exports the one before it.
        var body: [UInt8] = []
        for index in 0..<Self.most {
            body += index == 0 ? [0x01, 0x00] : [0x01, 0x01, 0x00, 0x01, 0x61, 0x05] + leb(index - 1)
        }
        #expect(verdict(on: section(5, count: Self.most, body)) == "component.depth")
    }

    @Test("refuses types of instances that hold each other")
    func nestedTypes() throws {
        // Each takes the one before it from outside and exports an instance of it.
        var body: [UInt8] = [0x42, 0x00]
        for index in 0..<Self.most / 2 {
            body += [0x42, 0x02, 0x02, 0x03, 0x02, 0x01] + leb(index) + [0x04, 0x00, 0x01, 0x61, 0x05, 0x00]
        }
        #expect(verdict(on: section(7, count: Self.most / 2 + 1, body)) == "component.depth")
    }

    @Test("reads sixty thousand aliases of a type")
    func manyOuterAliases() throws {
        let interface = section(7, count: 1, [0x42, 0x00])
        var body: [UInt8] = []
        for _ in 0..<2 * Self.most { body += [0x03, 0x02, 0x00, 0x00] }
        let aliases = section(6, count: 2 * Self.most, body)
        #expect(verdict(on: interface + aliases) == "accepted")
    }

    private func verdict(on sections: [UInt8]) -> String {
        do {
            _ = try ComponentBinary(decoding: Self.preamble + sections)
            return "accepted"
        } catch {
            return error.code
        }
    }

    private func section(_ id: UInt8, count: Int, _ body: [UInt8]) -> [UInt8] {
        let content = leb(count) + body
        return [id] + leb(content.count) + content
    }

    private func leb(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
