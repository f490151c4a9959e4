import Commitments
import Evidence
import Primitives
import Testing

@Suite("Decoding a report")
struct ReportDecodingTests {
    @Test("refuses every other length", arguments: [0, 1, 0x2A0, 0x49F, 0x4A1, 4000])
    func lengths(_ count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(throws: ReportError.wrongSize(found: count)) { try AttestationReport(decoding: bytes.span) }
    }

    @Test("refuses every other version", arguments: [0, 1, 6, 0xFF])
    func versions(_ version: UInt8) {
        expect(.unsupportedVersion(UInt32(version))) { $0.set(0, [version]) }
    }

    @Test("refuses a policy with a reserved bit", arguments: Array(26...63) + [17])
    func policyBits(_ bit: Int) {
        expect(.outOfRange(field: "POLICY", offset: 8)) { $0.bytes[8 + bit / 8] ^= 1 << (bit % 8) }
    }

    @Test("refuses every reserved byte that is set", arguments: [2, 3, 5] as [UInt8])
    func reserved(_ version: UInt8) {
        var offsets = Array(0x4C..<0x50) + Array(0x18B..<0x1A0) + [0x1EB, 0x1EF] + Array(0x208..<0x2A0)
        offsets += Array(0x2D0..<0x2E8) + Array(0x318..<0x4A0)
        if version < 3 { offsets += Array(0x188..<0x18B) }
        if version < 5 { offsets += Array(0x1F8..<0x208) }
        for tcb in [0x38, 0x180, 0x1E0, 0x1F0] {
            offsets += version < 3 ? [tcb + 4, tcb + 5] : Array(tcb + 2...tcb + 5)
        }
        for offset in offsets {
            expect(.reservedNotZero(offset: offset)) {
                $0.setVersion(version)
                $0.set(offset, [0x80])
            }
        }
    }

    @Test("refuses Turin's reserved TCB bytes by Turin's layout")
    func turinReserved() {
        expect(.reservedNotZero(offset: 0x3E)) {
            $0.set(0x188, [0x1A, 0x02, 0x01])
            $0.setEveryTCB([1, 1, 1, 4, 0, 0, 0, 81])
            $0.set(0x3E, [1])
        }
    }

    @Test("refuses values that the specification does not have")
    func ranges() {
        expect(.outOfRange(field: "VMPL", offset: 0x30)) { $0.set(0x30, [4]) }
        expect(.outOfRange(field: "VMPL", offset: 0x30)) { $0.set(0x30, [0xFF, 0xFF, 0xFF, 0xFF]) }
        expect(.outOfRange(field: "SIGNATURE_ALGO", offset: 0x34)) { $0.set(0x34, [2]) }
        for key in 2...6 as ClosedRange<UInt8> {
            expect(.outOfRange(field: "SIGNING_KEY", offset: 0x48)) { $0.set(0x48, [key << 2]) }
        }
        expect(.reservedNotZero(offset: 0x48)) { $0.set(0x48, [0x20]) }
    }

    @Test("keeps every byte")
    func keepsBytes() throws {
        let report = try TestReport().signed()
        #expect(try AttestationReport(decoding: report.encoded.span) == report)
        #expect(report.encoded.count == AttestationReport.byteCount)
        #expect(report.currentFirmware.build == 49 && report.currentFirmware.major == 1)
        #expect(report.policy.abiMajor == 0 && report.policy.contains(.singleSocket))
    }

    @Test("knows which processors belong to which product")
    func products() {
        let known: [(UInt8, UInt8, String?)] = [
            (0x19, 0x01, "Milan"), (0x19, 0x0F, "Milan"), (0x19, 0x11, "Genoa"), (0x19, 0xA0, "Genoa"),
            (0x1A, 0x02, "Turin"), (0x1A, 0x11, "Turin"), (0x19, 0x20, nil), (0x1A, 0x12, nil), (0x17, 0x31, nil),
        ]
        for (family, model, product) in known {
            #expect(Processor(family: family, model: model, stepping: 0).product?.rawValue == product)
        }
    }

    private func expect(_ error: ReportError, _ change: (inout TestReport) -> Void) {
        var report = TestReport()
        change(&report)
        #expect(throws: error) { try AttestationReport(decoding: report.bytes.span) }
    }
}
