import Boot
import CTrial
import Evidence
import Platform
import Primitives
import SEVGuest
import Simulation

/// The first process of a trial: makes a /dev/sev-guest in software, then becomes what the image would have started.
///
/// It is never part of an image, so nothing of it is measured; and it is all that a trial adds.
@main
enum Trial {
    static let name = "2cvm-trial"

    static func main() {
        guard MachineBoot.isFirstProcess else {
            say("this program is the first process of a trial's VM, and of no use elsewhere")
            return
        }
        do throws(TrialFailure) {
            try run()
        } catch {
            say("boot failed: \(error.code)")
        }
        MachineBoot.endMachine()
    }

    private static func run() throws(TrialFailure) {
        do throws(BootError) {
            try MachineBoot.mountDevices()
            try MachineBoot.load(from: TrialFiles.modules)
        } catch {
            throw TrialFailure(error.code)
        }
        let device = try TrialDevice(try TrialFiles())
        say("TRIAL, no hardware protects this session")
        say("simulated root \(device.rootDigest.prefixed)")
        switch ct_fork() {
        case 0:
            device.serve()
            // Without its device the agent cannot go on, and says so.
            return
        case let child where child > 0: try becomeAgent()
        case let error: throw TrialFailure("trial.fork", -error)
        }
    }

    private static func becomeAgent() throws(TrialFailure) {
        guard MachineBoot.awaitDevice(SEVGuestDevice.path, seconds: 20) else { throw TrialFailure("trial.device") }
        throw TrialFailure("trial.agent", -ct_become_agent())
    }

    private static func say(_ words: String) {
        try? NamedFile.writeStandardError(Array("\(name): \(words)\n".utf8))
    }
}
