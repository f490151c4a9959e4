import CTrial
import Commitments
import Evidence
import Primitives
import Simulation

/// Answers what the agent asks of its processor, with a simulated platform's signature.
struct TrialDevice {
    /// AMD's names for the three certificates, as a table has them.
    /// Source: AMD 56421, GHCB specification, the table of certificate GUIDs.
    private static let names = (
        leaf: "8d75da6364e66445adc5f4b93be8accd", intermediate: "79b3b74aacbbe44fa02f05aef327c782",
        root: "a406b4c003a8524997433fb6014cd0ae"
    )
    /// The kernel's errno for what firmware finds wrong, and for what cannot be signed.
    private static let (invalid, failed): (Int32, Int32) = (-22, -5)

    private let platform: SimulatedPlatform
    private let files: TrialFiles

    /// Signs the platform's certificates.
    init(_ files: TrialFiles) throws(TrialFailure) {
        guard let start = Timestamp("2026-01-01"), let end = Timestamp("2076-01-01") else {
            throw TrialFailure("trial.time")
        }
        self.files = files
        do throws(SimulationError) {
            platform = try SimulatedPlatform(
                SimulatedChip(.genoa, keys: files.keys), keys: files.keys, validity: start...end)
        } catch {
            throw TrialFailure(error.code)
        }
    }

    var rootDigest: SHA256Digest { platform.rootDigest }

    /// Answers until the device fails.
    func serve() {
        guard ct_make_device() >= 0 else { return }
        for byte in certificateTable {
            guard ct_append_table_byte(byte) >= 0 else { return }
        }
        while ct_await_question() > 0 {
            guard ct_answer(answer()) >= 0 else { return }
        }
    }

    /// Puts a report in its place, or says why there is none.
    private func answer() -> Int32 {
        let level = ct_level()
        let userData = (0..<Int32(CT_USER_DATA_SIZE)).map { ct_user_data_byte($0) }
        guard level <= 3, let reportData = FixedBytes<64>(userData) else { return Self.invalid }
        let report = try? platform.report(
            reportData: reportData, hostData: files.hostData, measurement: files.measurement
        ) { $0.vmpl = level }
        guard let report, report.count == CT_REPORT_SIZE else { return Self.failed }
        for (index, byte) in report.enumerated() { ct_set_report_byte(Int32(index), byte) }
        return 0
    }

    /// GUID, offset, length, little-endian; a zero entry; the certificates.
    private var certificateTable: [UInt8] {
        let certificates = [
            (Self.names.leaf, platform.certificates.leaf),
            (Self.names.intermediate, platform.certificates.intermediate),
            (Self.names.root, platform.certificates.root),
        ]
        var offset = 24 * (certificates.count + 1)
        var head: [UInt8] = []
        for (name, certificate) in certificates {
            head += FixedBytes<16>(hex: name)?.bytes ?? []
            head += littleEndian(offset) + littleEndian(certificate.count)
            offset += certificate.count
        }
        return head + [UInt8](repeating: 0, count: 24) + certificates.flatMap(\.1)
    }

    private func littleEndian(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
