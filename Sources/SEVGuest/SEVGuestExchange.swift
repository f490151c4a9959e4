internal import Platform
internal import CSEVGuest
internal import Glibc

/// One request to the device and its answer, as bytes: what tests replace.
package struct SEVGuestExchange: Sendable {
    /// The request's ioctl number.
    package enum Command: UInt32, Sendable {
        case report = 0xC020_5300
        case derivedKey = 0xC020_5301
        case extendedReport = 0xC020_5302
    }

    package let command: Command
    /// snp_report_req (96 bytes) or snp_derived_key_req (32 bytes).
    package let request: [UInt8]
    /// snp_report_resp (4,000 bytes) or snp_derived_key_resp (64 bytes).
    package var response: [UInt8]
    /// Where the host's certificate table goes; extended reports only.
    package var certificates: [UInt8]
    /// Afterwards: how many bytes the host asks for.
    package var certificateByteCount: UInt32
    /// Afterwards: the firmware's status in the low half, the hypervisor's in the high half.
    package var exitInfo: UInt64

    init(report request: [UInt8], certificateByteCount: Int?) {
        command = certificateByteCount == nil ? .report : .extendedReport
        self.request = request
        response = [UInt8](repeating: 0, count: 4000)
        certificates = [UInt8](repeating: 0, count: certificateByteCount ?? 0)
        self.certificateByteCount = UInt32(certificates.count)
        exitInfo = 0xFF
    }

    init(derivedKey request: [UInt8]) {
        command = .derivedKey
        self.request = request
        response = [UInt8](repeating: 0, count: 64)
        certificates = []
        certificateByteCount = 0
        exitInfo = 0xFF
    }
}

/// Carries out an exchange. Returns 0 or an `errno`.
package typealias SEVGuestCall = @Sendable (inout SEVGuestExchange) -> Int32

/// The device, open until the last user is gone.
final class SEVGuestHandle: Sendable {
    private let descriptor: Descriptor

    init(path: String) throws(SEVGuestError) {
        let number = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard number >= 0 else { throw openError(ErrorNumber(errno), path) }
        descriptor = Descriptor(owning: number)
    }

    func call(_ exchange: inout SEVGuestExchange) -> Int32 {
        let (device, command) = (descriptor.number, exchange.command.rawValue)
        let request = exchange.request
        var (response, certificates) = (exchange.response, exchange.certificates)
        var (byteCount, exitInfo) = (exchange.certificateByteCount, exchange.exitInfo)
        let result = unsafe request.withUnsafeBytes { request in
            unsafe response.withUnsafeMutableBytes { response in
                unsafe certificates.withUnsafeMutableBytes { certificates in
                    var raw = unsafe cp_sev_exchange(
                        request: request.baseAddress, response: response.baseAddress,
                        certificates: certificates.baseAddress, certificates_size: byteCount, exit_info: exitInfo)
                    let result = unsafe cp_sev_guest_call(device, command, &raw)
                    byteCount = unsafe raw.certificates_size
                    exitInfo = unsafe raw.exit_info
                    return result
                }
            }
        }
        (exchange.response, exchange.certificates) = (response, certificates)
        (exchange.certificateByteCount, exchange.exitInfo) = (byteCount, exitInfo)
        return -result
    }
}

func openError(_ error: ErrorNumber, _ path: String) -> SEVGuestError {
    switch error.rawValue {
    case ENOENT, ENODEV, ENXIO, ENOTDIR: .noDevice(path)
    case EACCES, EPERM: .notPermitted(path)
    case EBUSY: .busy
    default: .system(action: "open \(path)", error: error)
    }
}
