// Attacks on what is bounded: descriptors, cursors, streams.

func onTables(_ attack: Attack) -> String? {
    switch attack.verb {
    case "exhaust-descriptors":
        let first = exhaust { () throws(FilesystemTypes.ErrorCode) in try preopened("/data")?.open("attack") }
        let second = exhaust { () throws(FilesystemTypes.ErrorCode) in try preopened("/data")?.open("attack") }
        return first == second ? first : "\(first), then \(second)"
    case "exhaust-cursors":
        let first = exhaust { () throws(FilesystemTypes.ErrorCode) in try preopened("/data")?.readDirectory() }
        let second = exhaust { () throws(FilesystemTypes.ErrorCode) in try preopened("/data")?.readDirectory() }
        return first == second ? first : "\(first), then \(second)"
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

/// How many there are until an error, and which; all are given back.
private func exhaust<Held>(_ open: () throws(FilesystemTypes.ErrorCode) -> Held?) -> String {
    var held: [Held] = []
    while held.count < 10_000 {
        do throws(FilesystemTypes.ErrorCode) {
            guard let next = try open() else { return "no such directory after \(held.count)" }
            held.append(next)
        } catch {
            return "\(error) after \(held.count)"
        }
    }
    return "\(held.count)"
}
