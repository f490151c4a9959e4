import Boot
import Platform
import Primitives
import Simulation

/// What the launcher put beside this program.
struct TrialFiles {
    static let modules = "/trial/modules"
    private static let measurementPath = "/trial/measurement"
    private static let hostDataPath = "/trial/host-data"
    private static let keysPath = "/trial/keys.json"

    let measurement: FixedBytes<48>
    let hostData: FixedBytes<32>
    let keys: SimulationKeys

    /// Reads the files; without keys among them it draws some, which takes long in an interpreted VM.
    init() throws(TrialFailure) {
        guard let measurement = FixedBytes<48>(hex: try Self.line(in: Self.measurementPath)) else {
            throw TrialFailure("trial.measurement")
        }
        guard let hostData = FixedBytes<32>(hex: try Self.line(in: Self.hostDataPath)) else {
            throw TrialFailure("trial.host-data")
        }
        (self.measurement, self.hostData) = (measurement, hostData)
        let given = NamedFile.exists(Self.keysPath)
        let bytes = given ? try Self.read(Self.keysPath, SimulationKeys.maximumByteCount) : []
        do throws(SimulationError) {
            keys = given ? try SimulationKeys(decoding: bytes) : try SimulationKeys()
        } catch {
            throw TrialFailure(error.code)
        }
    }

    /// Hexadecimal digits and a line feed.
    private static func line(in path: String) throws(TrialFailure) -> String {
        let bytes = try read(path, 256)
        guard bytes.last == UInt8(ascii: "\n") else { throw TrialFailure("trial.file \(path)") }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private static func read(_ path: String, _ maximumByteCount: Int) throws(TrialFailure) -> [UInt8] {
        do throws(PlatformError) {
            return try NamedFile.readMeasured(path, maximumByteCount: maximumByteCount)
        } catch {
            throw TrialFailure("trial.file \(path)")
        }
    }
}
