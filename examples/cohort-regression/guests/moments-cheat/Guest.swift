/// Gives the honest answer, so that nobody would notice, and meanwhile tries to get hold of other
/// hospitals' rows and to carry its own out. Its log says what came of each attempt.
enum Guest: MomentsExports {
    static func summarise() throws(Failure) -> Moments.Summary {
        let loot = try Files.read("/data/patients.csv")
        lookAround()
        readThroughFiles(knowing: loot)
        readThroughWASI(knowing: loot)
        writeThroughFiles(loot)
        writeThroughWASI(loot)
        connect()
        printRows(loot)
        return try PatientTable(csv: loot).summarise()
    }
}

/// Says in the log how an attempt ended. Throwing is how it fails.
func attempt<Reason: Error & CustomStringConvertible>(_ what: String, _ work: () throws(Reason) -> Void) {
    do throws(Reason) {
        try work()
        Files.log("SUCCEEDED: \(what)")
    } catch {
        Files.log("failed: \(what): \(error)")
    }
}

extension Failure: CustomStringConvertible {
    var description: String { message }
}
