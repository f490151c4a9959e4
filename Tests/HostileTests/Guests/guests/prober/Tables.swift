// Attacks on what is bounded: descriptors, cursors, streams.

func onTables(_ attack: Attack) -> String? {
    switch attack.verb {
    case "exhaust-descriptors":
        guard let directory = preopened("/data") else { return "no such directory" }
        return twice { exhaust { () throws(FilesystemTypes.ErrorCode) in try directory.open("attack") } }
    case "exhaust-cursors":
        guard let directory = preopened("/data") else { return "no such directory" }
        return twice { exhaust { () throws(FilesystemTypes.ErrorCode) in try directory.readDirectory() } }
    case "exhaust-preopens":
        var held: [[Tuple2<FilesystemTypes.Descriptor, String>]] = []
        while held.count < 10_000 {
            let directories = FilesystemPreopens.getDirectories()
            if directories.isEmpty { break }
            held.append(directories)
        }
        let most = held.count
        held = []
        return "none after \(most), then \(FilesystemPreopens.getDirectories().count)"
    case "exhaust-logs":
        // The engine's own table is full some time, and then there is nothing to answer with.
        var held: [IoStreams.OutputStream] = []
        for _ in 0..<attack.number(0) { held.append(CliStderr.getStderr()) }
        return "\(held.count)"
    case "exhaust-memory":
        var held: [[UInt8]] = []
        while true { held.append([UInt8](repeating: 1, count: 1 << 20)) }
    default: return nil
    }
}

/// The same outcome, if it is the same again.
private func twice(_ attempt: () -> String) -> String {
    let (first, second) = (attempt(), attempt())
    return first == second ? first : "\(first), then \(second)"
}

/// How many there are until an error, and which; all are given back.
private func exhaust<Held>(_ open: () throws(FilesystemTypes.ErrorCode) -> Held) -> String {
    var held: [Held] = []
    while held.count < 10_000 {
        do throws(FilesystemTypes.ErrorCode) {
            held.append(try open())
        } catch {
            return "\(error) after \(held.count)"
        }
    }
    return "\(held.count)"
}
