import Foundation
import Platform
import Primitives
import SEVGuest
import Synchronization
import Testing

/// Plays the device: keeps what it was asked and gives the next answer.
private final class RecordedDevice: Sendable {
    typealias Answer = @Sendable (inout SEVGuestExchange) -> Int32

    private let state: Mutex<(asked: [SEVGuestExchange], answers: [Answer])>

    init(_ answers: [Answer]) {
        state = Mutex((asked: [], answers: answers))
    }

    var asked: [SEVGuestExchange] { state.withLock { $0.asked } }

    var device: SEVGuestDevice {
        SEVGuestDevice { exchange in
            let answer = self.state.withLock { state -> Answer? in
                state.asked.append(exchange)
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
            return answer?(&exchange) ?? 5  // EIO
        }
    }
}

private let reportData = FixedBytes<64>(repeating: 0xA5)

/// A response as the driver gives it: status, size, reserved, report.
private func response(status: UInt32 = 0, size: UInt32 = 1184, reportData: UInt8 = 0xA5) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4000)
    for (index, value) in [status, size].enumerated() {
        for byte in 0..<4 { bytes[4 * index + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
    }
    bytes[32] = 3
    for index in 0x50..<0x90 { bytes[32 + index] = reportData }
    return bytes
}

private func answer(_ bytes: [UInt8], certificates: [UInt8] = []) -> RecordedDevice.Answer {
    { exchange in
        exchange.response = bytes
        exchange.certificates.replaceSubrange(0..<certificates.count, with: certificates)
        return 0
    }
}

private func failure(_ number: Int32, _ exitInfo: UInt64 = 0xFF, asks: UInt32? = nil) -> RecordedDevice.Answer {
    { exchange in
        exchange.exitInfo = exitInfo
        if let asks { exchange.certificateByteCount = asks }
        return number
    }
}

@Suite("/dev/sev-guest")
struct SEVGuestDeviceTests {
    private let invalidLength: UInt64 = 1 << 32

    @Test("asks with the structure that the driver reads, and takes its answer")
    func asks() throws {
        let recorded = RecordedDevice([answer(response(), certificates: [1, 2, 3])])
        let report = try recorded.device.report(on: reportData, at: .vmpl1)
        #expect(report.report.bytes[0] == 3)
        #expect(report.certificateTable.prefix(4) == [1, 2, 3, 0])

        let asked = try #require(recorded.asked.first)
        #expect(asked.command == .extendedReport)
        #expect(asked.request == reportData.bytes + [1, 0, 0, 0] + [UInt8](repeating: 0, count: 28))
        #expect(asked.certificateByteCount == 16_384)
        #expect(asked.response.count == 4000)
    }

    @Test("asks without certificates where none are wanted")
    func asksWithoutCertificates() throws {
        let recorded = RecordedDevice([answer(response())])
        let report = try recorded.device.reportWithoutCertificates(on: reportData, at: .vmpl0)
        #expect(report.certificateTable.isEmpty)
        #expect(recorded.asked.map(\.command) == [.report])
    }

    @Test("asks once more with the room that the host wants")
    func retriesOnce() throws {
        let recorded = RecordedDevice([failure(5, invalidLength, asks: 20_480), answer(response())])
        let report = try recorded.device.report(on: reportData, at: .vmpl0)
        #expect(report.certificateTable.count == 20_480)
        #expect(recorded.asked.map(\.certificateByteCount) == [16_384, 20_480])
    }

    @Test("does not ask a third time with certificates, and then takes the report without them")
    func retriesOnlyOnce() throws {
        let recorded = RecordedDevice([
            failure(5, invalidLength, asks: 20_480), failure(5, invalidLength, asks: 24_576), answer(response()),
        ])
        #expect(try recorded.device.report(on: reportData, at: .vmpl0).certificateTable.isEmpty)
        #expect(recorded.asked.map(\.command) == [.extendedReport, .extendedReport, .report])
    }

    @Test(
        "gives a host no more room than certificates need, and takes the report without them",
        arguments: [
            UInt32(0), 1, 4096, 16_384, 16_385, 20_481, 69_632, 0x8000_0000, .max,
        ])
    func boundsTheHost(_ count: UInt32) throws {
        let recorded = RecordedDevice([failure(5, invalidLength, asks: count), answer(response())])
        #expect(try recorded.device.report(on: reportData, at: .vmpl0).certificateTable.isEmpty)
        #expect(recorded.asked.map(\.command) == [.extendedReport, .report])
        let refused = RecordedDevice([failure(5, invalidLength, asks: count)])
        #expect(throws: SEVGuestError.certificatesTooLarge(count)) {
            try refused.device.report(on: reportData, at: .vmpl0)
        }
    }

    @Test("asks for the report alone where the host answers the extended request with an error")
    func fallsBack() throws {
        let recorded = RecordedDevice([failure(5, 7 << 32), answer(response())])
        let report = try recorded.device.report(on: reportData, at: .vmpl1)
        #expect(report.report.bytes[0] == 3 && report.certificateTable.isEmpty)
        #expect(recorded.asked.map(\.command) == [.extendedReport, .report])
        #expect(recorded.asked[1].request == recorded.asked[0].request)
        // Not where the firmware itself said no, or has no time: that would be asked in vain.
        for exitInfo in [UInt64(0x16), UInt64(2) << 32] {
            let refused = RecordedDevice([failure(5, exitInfo), answer(response())])
            #expect(throws: SEVGuestError.self) { try refused.device.report(on: reportData, at: .vmpl1) }
            #expect(refused.asked.count == 1)
        }
    }

    @Test(
        "tells one failure from another",
        arguments: [
            (Int32(5), UInt64(2) << 32, SEVGuestError.busy),
            (110, 0xFF, .busy), (11, 0xFF, .busy), (16, 0xFF, .busy),
            (25, 0xFF, .channelClosed),
            (19, 0xFF, .noDevice("/dev/sev-guest")), (6, 0xFF, .noDevice("/dev/sev-guest")),
            (5, 0x16, .wrongLevel(.vmpl2)),
            (5, 0x1D, .firmware(FirmwareStatus(rawValue: 0x1D))),
            (5, 0x1234, .firmware(FirmwareStatus(rawValue: 0x1234))),
            (5, 7 << 32, .hypervisor(7)), (5, UInt64.max << 32, .hypervisor(.max)),
            (5, 0xFF, .system(action: "ask the firmware", error: ErrorNumber(5))),
            (5, 0xFFFF_FFFF, .system(action: "ask the firmware", error: ErrorNumber(5))),
            (22, 0, .system(action: "ask the firmware", error: ErrorNumber(22))),
        ])
    func tellsFailures(_ number: Int32, _ exitInfo: UInt64, _ error: SEVGuestError) {
        let recorded = RecordedDevice([failure(number, exitInfo)])
        #expect(throws: error) { try recorded.device.report(on: reportData, at: .vmpl2) }
    }

    @Test(
        "refuses an answer that is no report",
        arguments: [
            (UInt32(0x16), UInt32(1184), SEVGuestError.wrongLevel(.vmpl0)),
            (0x27, 1184, .firmware(FirmwareStatus(rawValue: 0x27))),
            (.max, 1184, .firmware(FirmwareStatus(rawValue: .max))),
            (0, 0, .malformedAnswer("a report of 1184 bytes")), (0, 1183, .malformedAnswer("a report of 1184 bytes")),
            (0, 4000, .malformedAnswer("a report of 1184 bytes")),
            (0, .max, .malformedAnswer("a report of 1184 bytes")),
        ])
    func refusesAnswers(_ status: UInt32, _ size: UInt32, _ error: SEVGuestError) {
        let recorded = RecordedDevice([answer(response(status: status, size: size))])
        #expect(throws: error) { try recorded.device.report(on: reportData, at: .vmpl0) }
    }

    @Test("refuses an answer with reserved bytes set", arguments: [8, 31])
    func refusesReserved(_ offset: Int) {
        var bytes = response()
        bytes[offset] = 1
        let recorded = RecordedDevice([answer(bytes)])
        #expect(throws: SEVGuestError.malformedAnswer("a report of 1184 bytes")) {
            try recorded.device.report(on: reportData, at: .vmpl0)
        }
    }

    @Test("refuses a report on other data")
    func refusesOtherReportData() {
        let recorded = RecordedDevice([answer(response(reportData: 0xA4))])
        #expect(throws: SEVGuestError.otherReportData) { try recorded.device.report(on: reportData, at: .vmpl0) }
    }

    @Test("derives a key, and never prints it")
    func derivesKey() throws {
        let request = try #require(
            DerivedKeyRequest(
                fields: [.measurement, .policy], level: .vmpl1, versions: (5, FixedBytes(repeating: 0x11))))
        let key = [UInt8](repeating: 0, count: 32) + [UInt8](repeating: 0x5A, count: 32)
        let recorded = RecordedDevice([answer(key)])
        let derived = try recorded.device.derivedKey(request)
        #expect(derived.bytes == FixedBytes(repeating: 0x5A))
        #expect(!"\(derived)".contains("5a"))

        let asked = try #require(recorded.asked.first)
        #expect(asked.command == .derivedKey)
        #expect(
            asked.request == [0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0]
                + [UInt8](repeating: 0x11, count: 8))
        #expect(asked.response.count == 64)
    }

    @Test("refuses to derive from fields that do not exist, and answers that are no key")
    func refusesKeys() throws {
        #expect(DerivedKeyRequest(fields: .init(rawValue: 1 << 6), level: .vmpl0) == nil)
        let request = try #require(DerivedKeyRequest(fields: .all, level: .vmpl0))
        let refused = RecordedDevice([answer([0x16] + [UInt8](repeating: 0, count: 63))])
        #expect(throws: SEVGuestError.firmware(FirmwareStatus(rawValue: 0x16))) {
            try refused.device.derivedKey(request)
        }
        let reserved = RecordedDevice([answer([0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 59))])
        #expect(throws: SEVGuestError.malformedAnswer("a derived key of 32 bytes")) {
            try reserved.device.derivedKey(request)
        }
    }

    @Test("says so where there is no device, and where it may not be opened")
    func saysWhatIsMissing() {
        #expect(throws: SEVGuestError.noDevice("/dev/no-such-device")) {
            try SEVGuestDevice(path: "/dev/no-such-device")
        }
        let isFolder = ErrorNumber(21)
        #expect(throws: SEVGuestError.system(action: "open /", error: isFolder)) { try SEVGuestDevice(path: "/") }
    }

    @Test(
        "says so on a machine that is no SEV-SNP guest",
        .disabled(
            if: FileManager.default.fileExists(atPath: SEVGuestDevice.path)
                || FileManager.default.fileExists(atPath: TSMReports.folder)))
    func noGuest() {
        #expect(throws: SEVGuestError.noDevice(TSMReports.folder)) { try openReportSource() }
    }

    @Test("says so where the file is not that device")
    func refusesOtherDevices() throws {
        let device = try SEVGuestDevice(path: "/dev/null")
        #expect(throws: SEVGuestError.channelClosed) { try device.report(on: reportData, at: .vmpl0) }
    }

    @Test(
        "names the firmware's statuses as AMD does",
        arguments: [
            (0x01, "INVALID_PLATFORM_STATE (0x1)"), (0x16, "INVALID_PARAM (0x16)"), (0x1D, "AEAD_OFLOW (0x1d)"),
            (0x23, "SHUTDOWN_REQUIRED (0x23)"), (0x27, "INVALID_KEY (0x27)"), (0x28, "status 0x28"),
            (UInt32.max, "status 0xffffffff"),
        ])
    func names(_ status: UInt32, _ name: String) {
        #expect(FirmwareStatus(rawValue: status).description == name)
    }
}
