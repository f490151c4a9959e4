// Attacks on `twocvm:guest/files`.

func onFiles(_ attack: Attack) -> String? {
    switch attack.verb {
    case "read":
        return told { () throws(Failure) in "\(try Files.read(attack[0]).count) bytes" }
    case "show":
        return told { () throws(Failure) in String(decoding: try Files.read(attack[0]), as: UTF8.self) }
    case "read-part":
        return told { () throws(Failure) in
            let count = UInt32(clamping: attack.number(2))
            return "\(try Files.readPart(attack[0], offset: UInt64(attack.number(1)), count: count).count) bytes"
        }
    case "list":
        return told { () throws(Failure) in
            var names = ""
            for name in try Files.list(attack[0]) { names += name + "," }
            return names
        }
    case "write":
        return outcome { () throws(Failure) in
            try Files.write(attack[0], content: [UInt8](repeating: 97, count: attack.number(1)))
        }
    case "write-again":
        // The same file as often as is said.
        return outcome { () throws(Failure) in
            let content = [UInt8](repeating: 97, count: attack.number(1))
            for _ in 0..<attack.number(2) { try Files.write(attack[0], content: content) }
        }
    case "read-again":
        return outcome { () throws(Failure) in
            for _ in 0..<attack.number(1) { _ = try Files.read(attack[0]) }
        }
    case "flood":
        return flood(attack[0], count: attack.number(1))
    case "clear":
        return outcome { () throws(FilesystemTypes.ErrorCode) in
            for index in 0..<attack.number(1) { try preopened(attack[0])?.unlinkFileAt("\(index)") }
        }
    case "log":
        Files.log(String(repeating: "l", count: attack.number(0)))
        return "done"
    case "log-again":
        let line = String(repeating: "l", count: attack.number(0))
        for _ in 0..<attack.number(1) { Files.log(line) }
        return "done"
    default: return nil
    }
}

/// As many small files as it gets, in `folder`.
private func flood(_ folder: String, count: Int) -> String {
    for index in 0..<count {
        do throws(Failure) {
            try Files.write("\(folder)/\(index)", content: [97])
        } catch {
            return "\(error.message) after \(index)"
        }
    }
    return "done"
}
