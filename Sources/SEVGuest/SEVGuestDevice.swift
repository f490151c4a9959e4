internal import Platform
internal import Glibc
public import Primitives

/// `/dev/sev-guest`: reports and keys of the SEV-SNP guest that this process runs in.
///
/// Source: Linux, Documentation/virt/coco/sev-guest.rst; AMD 56860, section "Guest Messages".
public final class SEVGuestDevice: ReportSource {
    public static let path = "/dev/sev-guest"
    private static let pageByteCount = 4096
    /// What Linux takes (SEV_FW_BLOB_MAX_SIZE).
    private static let firstCertificateByteCount = 16_384
    /// What is offered to a host that asks for more.
    private static let maximumCertificateByteCount: UInt32 = 65_536

    private let call: SEVGuestCall

    /// Opens the device.
    ///
    /// - Throws: ``SEVGuestError``.
    public convenience init(path: String = path) throws(SEVGuestError) {
        let handle = try SEVGuestHandle(path: path)
        self.init { handle.call(&$0) }
    }

    package init(call: @escaping SEVGuestCall) {
        self.call = call
    }

    /// Asks for a report with the host's certificate table, and without it where the host refuses that: its
    /// certificates can come later, from elsewhere, and evidence without them is complete in all that the guest knows.
    public func report(
        on reportData: FixedBytes<64>, at level: PrivilegeLevel
    ) throws(SEVGuestError) -> HardwareReport {
        do throws(SEVGuestError) {
            return try extendedReport(on: reportData, at: level)
        } catch {
            switch error {
            case .hypervisor, .certificatesTooLarge: break
            default: throw error
            }
            // Where that fails too, the first refusal is what happened: after it a kernel may close its channel.
            guard let report = try? reportWithoutCertificates(on: reportData, at: level) else { throw error }
            return report
        }
    }

    private func extendedReport(
        on reportData: FixedBytes<64>, at level: PrivilegeLevel
    ) throws(SEVGuestError) -> HardwareReport {
        let request = reportData.bytes + level.rawValue.littleEndianBytes + [UInt8](repeating: 0, count: 28)
        var exchange = SEVGuestExchange(report: request, certificateByteCount: Self.firstCertificateByteCount)
        var error = call(&exchange)
        if exchange.hypervisorCode == .invalidLength, error != 0 {
            let count = exchange.certificateByteCount
            guard count > Self.firstCertificateByteCount, count <= Self.maximumCertificateByteCount,
                Int(count).isMultiple(of: Self.pageByteCount)
            else { throw .certificatesTooLarge(count) }
            exchange = SEVGuestExchange(report: request, certificateByteCount: Int(count))
            error = call(&exchange)
        }
        try exchange.requireSuccess(error, at: level)
        return try HardwareReport(
            exchange.reportInResponse(at: level), certificateTable: exchange.certificates, reportData: reportData)
    }

    /// Asks for a report alone.
    public func reportWithoutCertificates(
        on reportData: FixedBytes<64>, at level: PrivilegeLevel
    ) throws(SEVGuestError) -> HardwareReport {
        let request = reportData.bytes + level.rawValue.littleEndianBytes + [UInt8](repeating: 0, count: 28)
        var exchange = SEVGuestExchange(report: request, certificateByteCount: nil)
        try exchange.requireSuccess(call(&exchange), at: level)
        return try HardwareReport(
            exchange.reportInResponse(at: level), certificateTable: [], reportData: reportData)
    }

    /// Asks for a key that only this guest, or guests like it, can get on this chip.
    public func derivedKey(_ request: DerivedKeyRequest) throws(SEVGuestError) -> DerivedKey {
        var exchange = SEVGuestExchange(derivedKey: request.encoded)
        try exchange.requireSuccess(call(&exchange))
        try exchange.requireStatus()
        guard exchange.response[4..<32].allSatisfy({ $0 == 0 }), let key = FixedBytes<32>(exchange.response[32...])
        else { throw .malformedAnswer("a derived key of 32 bytes") }
        return DerivedKey(bytes: key)
    }
}

extension SEVGuestExchange {
    fileprivate enum HypervisorCode: UInt32 {
        case none = 0
        case invalidLength = 1
        case busy = 2
    }

    fileprivate var hypervisorCode: HypervisorCode? {
        HypervisorCode(rawValue: UInt32(truncatingIfNeeded: exitInfo >> 32))
    }

    /// Turns `errno` and the exit information into one error.
    ///
    /// - Parameter level: where the level is the only parameter that the firmware can find wrong.
    fileprivate func requireSuccess(_ error: Int32, at level: PrivilegeLevel? = nil) throws(SEVGuestError) {
        guard error != 0 else { return }
        switch error {
        case ENOTTY: throw .channelClosed
        case ETIMEDOUT, EAGAIN, EBUSY: throw .busy
        case ENODEV, ENXIO: throw .noDevice(SEVGuestDevice.path)
        default: break
        }
        switch hypervisorCode {
        case .busy: throw .busy
        case .invalidLength: throw .certificatesTooLarge(certificateByteCount)
        case nil: throw .hypervisor(UInt32(truncatingIfNeeded: exitInfo >> 32))
        case .some(.none): break
        }
        let status = FirmwareStatus(rawValue: UInt32(truncatingIfNeeded: exitInfo))
        if status.rawValue != 0, !FirmwareStatus.noCall.contains(status.rawValue) {
            throw refusal(status, at: level)
        }
        throw .system(action: "ask the firmware", error: ErrorNumber(error))
    }

    /// The firmware's own status inside a response that arrived.
    fileprivate func requireStatus(at level: PrivilegeLevel? = nil) throws(SEVGuestError) {
        let status = FirmwareStatus(rawValue: UInt32(littleEndian: response[0..<4]))
        guard status.rawValue == 0 else { throw refusal(status, at: level) }
    }

    private func refusal(_ status: FirmwareStatus, at level: PrivilegeLevel?) -> SEVGuestError {
        guard let level, status == .invalidParameter else { return .firmware(status) }
        return .wrongLevel(level)
    }

    /// Status, size, 24 reserved bytes, then the report.
    fileprivate func reportInResponse(at level: PrivilegeLevel) throws(SEVGuestError) -> ArraySlice<UInt8> {
        try requireStatus(at: level)
        guard UInt32(littleEndian: response[4..<8]) == 1184, response[8..<32].allSatisfy({ $0 == 0 }) else {
            throw .malformedAnswer("a report of 1184 bytes")
        }
        return response[32..<32 + 1184]
    }
}

extension FixedWidthInteger {
    /// Least significant byte first.
    var littleEndianBytes: [UInt8] {
        stride(from: 0, to: Self.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}

extension UInt32 {
    fileprivate init(littleEndian bytes: ArraySlice<UInt8>) {
        self = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
