public import Platform
public import Primitives

/// Why there is no report of this guest.
public enum SEVGuestError: Error, Equatable, Sendable {
    /// The kernel offers no such interface here.
    case noDevice(String)
    case notPermitted(String)
    /// The host throttled the request for longer than the kernel waits.
    case busy
    /// After an error the kernel gives up its channel to the firmware, until the next boot.
    case channelClosed
    case wrongLevel(PrivilegeLevel)
    case firmware(FirmwareStatus)
    /// The hypervisor answered with a code of its own.
    case hypervisor(UInt32)
    /// The host wants room for more certificates than anyone needs.
    case certificatesTooLarge(UInt32)
    /// The answer is not what was expected, named here.
    case malformedAnswer(String)
    case otherReportData
    /// Somebody else wrote to this request.
    case changedMeanwhile
    /// Reports in configfs come from another technology. Printable.
    case otherProvider(String)
    /// Any other `errno`.
    case system(action: String, error: ErrorNumber)
}

extension SEVGuestError: ExplainedError {
    public var code: String {
        switch self {
        case .noDevice: "platform.sev-guest.none"
        case .notPermitted: "platform.sev-guest.permission"
        case .busy: "platform.sev-guest.busy"
        case .channelClosed: "platform.sev-guest.closed"
        case .wrongLevel: "platform.sev-guest.level"
        case .firmware: "platform.sev-guest.firmware"
        case .hypervisor: "platform.sev-guest.hypervisor"
        case .certificatesTooLarge: "platform.sev-guest.certificates"
        case .malformedAnswer, .otherReportData: "platform.sev-guest.answer"
        case .changedMeanwhile: "platform.sev-guest.changed"
        case .otherProvider: "platform.sev-guest.provider"
        case .system: "platform.sev-guest.system"
        }
    }

    public var message: String {
        switch self {
        case .noDevice(let path): "there is no \(path)"
        case .notPermitted(let path): "this user may not use \(path)"
        case .busy: "the host did not let the request through to the firmware in time"
        case .channelClosed: "the kernel has closed its channel to the firmware after an error"
        case .wrongLevel(let level): "this guest may not ask for a report at VMPL \(level.rawValue)"
        case .firmware(let status): "the firmware refused the request: \(status)"
        case .hypervisor(let code): "the hypervisor refused the request with code \(code)"
        case .certificatesTooLarge(let count): "the host wants to pass \(count) bytes of certificates"
        case .malformedAnswer(let expected): "the answer is not \(expected)"
        case .otherReportData: "the report is about other data than was asked for"
        case .changedMeanwhile: "another process changed the request while it was answered"
        case .otherProvider(let name): "reports come from \(name) here, and not from sev_guest"
        case .system(let action, let error): "could not \(action): \(error)"
        }
    }

    public var hint: String? {
        switch self {
        case .noDevice, .otherProvider: "reports exist inside an SEV-SNP guest with the sev-guest driver only"
        case .notPermitted: "run as root, or as a user who may open the device"
        case .busy: "ask again later, and less often"
        case .channelClosed: "restart the guest"
        case .wrongLevel: "ask for the level that this guest runs at, or a less privileged one"
        case .certificatesTooLarge: "ask without certificates; they can come from AMD's service instead"
        default: nil
        }
    }
}

/// A status of AMD's firmware, by its specification's name.
public struct FirmwareStatus: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt32

    /// What the kernel reports when no request reached the firmware.
    static let noCall: Set<UInt32> = [0xFF, 0xFFFF_FFFF]
    static let invalidParameter = FirmwareStatus(rawValue: 0x16)

    /// Any number: a firmware may have statuses that are not known here.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The name where there is one, and the number.
    public var description: String {
        let number = "0x" + String(rawValue, radix: 16)
        guard rawValue < Self.names.count else { return "status \(number)" }
        return "\(Self.names[Int(rawValue)]) (\(number))"
    }

    /// From 0 on. Source: AMD 56860, SEV-SNP Firmware ABI, table "Status Codes".
    private static let names = [
        "SUCCESS", "INVALID_PLATFORM_STATE", "INVALID_GUEST_STATE", "INVALID_CONFIG", "INVALID_LENGTH",
        "ALREADY_OWNED", "INVALID_CERTIFICATE", "POLICY_FAILURE", "INACTIVE", "INVALID_ADDRESS", "BAD_SIGNATURE",
        "BAD_MEASUREMENT", "ASID_OWNED", "INVALID_ASID", "WBINVD_REQUIRED", "DF_FLUSH_REQUIRED", "INVALID_GUEST",
        "INVALID_COMMAND", "ACTIVE", "HWERROR_PLATFORM", "HWERROR_UNSAFE", "UNSUPPORTED", "INVALID_PARAM",
        "RESOURCE_LIMIT", "SECURE_DATA_INVALID", "INVALID_PAGE_SIZE", "INVALID_PAGE_STATE", "INVALID_MDATA_ENTRY",
        "INVALID_PAGE_OWNER", "AEAD_OFLOW", "RING_BUFFER_ALREADY_EXISTS", "RING_BUFFER_EXIT", "RMP_INIT_REQUIRED",
        "BAD_SVN", "BAD_VERSION", "SHUTDOWN_REQUIRED", "UPDATE_FAILED", "RESTORE_REQUIRED",
        "RMP_INITIALIZATION_FAILED", "INVALID_KEY",
    ]
}
