internal import Platform
internal import Glibc
public import Primitives
internal import Synchronization

/// Reports through configfs (`/sys/kernel/config/tsm/report`), Linux 6.7 and later.
///
/// Each request has a folder of its own. Source: Linux, Documentation/ABI/testing/configfs-tsm.
public final class TSMReports: ReportSource {
    public static let folder = "/sys/kernel/config/tsm/report"
    private static let provider = "sev_guest"
    /// Linux allows 32 KiB (TSM_REPORT_OUTBLOB_MAX) for either.
    private static let maximumByteCount = 32_768
    private static let maximumAttempts = 16

    private let files: any TSMFiles
    private let count = Atomic<Int>(0)

    /// Uses the kernel's configfs.
    ///
    /// - Throws: ``SEVGuestError/noDevice(_:)`` where it is not mounted, or offers no reports.
    public convenience init() throws(SEVGuestError) {
        guard unsafe access(Self.folder, F_OK) == 0 else { throw openError(ErrorNumber(errno), Self.folder) }
        self.init(files: SystemTSMFiles())
    }

    package init(files: any TSMFiles) {
        self.files = files
    }

    /// Asks for a report with the host's certificate table.
    public func report(
        on reportData: FixedBytes<64>, at level: PrivilegeLevel
    ) throws(SEVGuestError) -> HardwareReport {
        let request = try makeRequest()
        defer { files.removeFolder(request) }
        let provider = try text(of: request + "/provider")
        guard provider == Self.provider else { throw .otherProvider(printable(provider)) }
        try write(Array(String(level.rawValue).utf8), to: request + "/privlevel", at: level)
        try write(reportData.bytes, to: request + "/inblob", at: level)

        let report = try read(request + "/outblob", at: level)
        let certificates = certificates(of: request)
        // Each write counts: two were made here.
        guard try text(of: request + "/generation") == "2" else { throw .changedMeanwhile }
        return try HardwareReport(report[...], certificateTable: certificates, reportData: reportData)
    }

    private func makeRequest() throws(SEVGuestError) -> String {
        for _ in 0..<Self.maximumAttempts {
            let number = count.add(1, ordering: .relaxed).newValue
            let path = "\(Self.folder)/2cvm-\(getpid())-\(number)"
            do throws(ErrorNumber) {
                try files.makeFolder(path)
                return path
            } catch {
                // A process with this number may have left one behind.
                guard error.rawValue == EEXIST else { throw openError(error, Self.folder) }
            }
        }
        throw .busy
    }

    private func text(of path: String) throws(SEVGuestError) -> String {
        do throws(ErrorNumber) {
            let bytes = try files.read(path, maximumByteCount: 64)
            return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        } catch {
            throw .system(action: "read \(path)", error: error)
        }
    }

    private func write(_ bytes: [UInt8], to path: String, at level: PrivilegeLevel) throws(SEVGuestError) {
        do throws(ErrorNumber) {
            try files.write(bytes, to: path)
        } catch {
            throw requestError(error, "write \(path)", at: level)
        }
    }

    private func read(_ path: String, at level: PrivilegeLevel) throws(SEVGuestError) -> [UInt8] {
        do throws(ErrorNumber) {
            return try files.read(path, maximumByteCount: Self.maximumByteCount)
        } catch {
            throw requestError(error, "read \(path)", at: level)
        }
    }

    /// The host's certificates are absent where a provider has none, and as good as absent where they cannot be read:
    /// they can come later, from elsewhere.
    private func certificates(of request: String) -> [UInt8] {
        (try? files.read(request + "/auxblob", maximumByteCount: Self.maximumByteCount)) ?? []
    }

    /// configfs passes on what the driver returns; the codes behind it are lost.
    private func requestError(_ error: ErrorNumber, _ action: String, at level: PrivilegeLevel) -> SEVGuestError {
        switch error.rawValue {
        case EINVAL: .wrongLevel(level)
        case ENOTTY: .channelClosed
        case ETIMEDOUT, EAGAIN, EBUSY: .busy
        case EFBIG: .malformedAnswer("one of at most \(Self.maximumByteCount) bytes")
        case ENODEV: .noDevice(Self.folder)
        case EACCES, EPERM: .notPermitted(Self.folder)
        default: .system(action: action, error: error)
        }
    }

    private func printable(_ text: String) -> String {
        String(decoding: text.utf8.prefix(32).map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
