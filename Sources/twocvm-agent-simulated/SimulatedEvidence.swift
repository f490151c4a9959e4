import AgentAPI
import AgentService
import Commitments
import Evidence
import Platform
import Primitives
import Simulation

/// Reports of a simulated platform, whose keys and certificates lie in two files, or in memory alone.
struct SimulatedEvidence: EvidenceSource {
    private let platform: SimulatedPlatform
    private let endorsements: Endorsements
    private let hostData: FixedBytes<32>
    private let measurement: FixedBytes<48>

    /// Of everything that the platform signs. It signs nothing that time could make worth less.
    private static let validity = ("2026-01-01", "2076-01-01")

    /// Opens the platform, and makes it first if its files are not there.
    ///
    /// - Parameters:
    ///   - keysFile: `nil` for keys that nothing keeps.
    ///   - note: told what takes long.
    init(
        keysFile: String?, hostData: FixedBytes<32>, measurement: FixedBytes<48>, note: (String) -> Void
    ) throws(AgentFailure) {
        self.hostData = hostData
        self.measurement = measurement
        if let keysFile {
            let keys = try Self.keys(in: keysFile, note)
            (platform, endorsements) = try Self.platform(keys, certificates: keysFile + ".certificates")
        } else {
            note("drawing keys for this start alone, which takes some seconds; --keys FILE would keep them")
            (platform, endorsements) = try Self.failing {
                let keys = try SimulationKeys()
                return try Self.makePlatform(SimulatedChip(.genoa, keys: keys), keys)
            }
        }
    }

    var simulatedRoot: SHA256Digest? { platform.rootDigest }
    var rootDigest: SHA256Digest { platform.rootDigest }

    func report(on reportData: FixedBytes<64>) throws -> SourcedReport {
        let bytes = try platform.report(reportData: reportData, hostData: hostData, measurement: measurement)
        return SourcedReport(report: try AttestationReport(decoding: bytes.span), endorsements: endorsements)
    }

    private static func keys(in file: String, _ note: (String) -> Void) throws(AgentFailure) -> SimulationKeys {
        if !NamedFile.exists(file) {
            note("drawing keys for \(file), which takes some seconds")
            try failing { try keep(SimulationKeys(), in: file) }
        }
        let bytes: [UInt8]
        do throws(PlatformError) {
            bytes = try NamedFile.readSecret(file, maximumByteCount: SimulationKeys.maximumByteCount)
        } catch {
            if case .notPrivate = error { throw AgentFailure(.refused, error) }
            throw AgentFailure(.unavailable, error)
        }
        do {
            return try SimulationKeys(decoding: bytes)
        } catch {
            throw AgentFailure(.unreadable, error)
        }
    }

    /// Of several agents that start at once with one file, each takes the keys of the first.
    private static func keep(_ keys: SimulationKeys, in path: String) throws {
        let file = try GrowingFile("\(path).\(Program.identifier).part")
        try file.append(keys.encoded)
        _ = try file.finish(ifFree: path)
    }

    /// Certificates of other keys, and those that cannot be read, are made anew: nothing in them is a secret.
    private static func platform(
        _ keys: SimulationKeys, certificates file: String
    ) throws(AgentFailure) -> (SimulatedPlatform, Endorsements) {
        let chip = SimulatedChip(.genoa, keys: keys)
        if let bytes = try? NamedFile.readSecret(file, maximumByteCount: Endorsements.maximumUploadByteCount),
            let endorsements = try? Endorsements(upload: bytes), !endorsements.isIncomplete,
            let platform = try? SimulatedPlatform(chip, keys: keys, certificates: endorsements)
        {
            return (platform, endorsements)
        }
        return try failing {
            let made = try makePlatform(chip, keys)
            try NamedFile.replace(file, made.1.upload, mode: 0o600)
            return made
        }
    }

    /// Makes something, and words its error as the agent's.
    private static func failing<Made>(_ make: () throws -> Made) throws(AgentFailure) -> Made {
        do {
            return try make()
        } catch let error as any ExplainedError {
            throw AgentFailure(.unavailable, error)
        } catch {
            throw AgentFailure(.unavailable, SimulationError.signingFailed)
        }
    }

    private static func makePlatform(
        _ chip: SimulatedChip, _ keys: SimulationKeys
    ) throws -> (SimulatedPlatform, Endorsements) {
        guard let start = Timestamp(validity.0), let end = Timestamp(validity.1) else {
            throw SimulationError.encodingFailed
        }
        let platform = try SimulatedPlatform(chip, keys: keys, validity: start...end)
        let endorsements = try platform.endorsements(listed: start...end)
        return (platform, endorsements)
    }
}
