/// Reads attacks from `/data/attack`, one a line, and writes to `/output/report` what came of each: the same line, a
/// space, `->`, a space, the outcome.
enum Guest: CliRunExports, ProbeExports {
    static func run() throws(Failed) { try attackAll() }
    static func probe() throws(Failed) { try attackAll() }

    private static func attackAll() throws(Failed) {
        do throws(Failure) {
            let orders = String(decoding: try Files.read("/data/attack"), as: UTF8.self)
            var report = ""
            for line in orders.split(separator: "\n") {
                let words = line.split(separator: "|", omittingEmptySubsequences: false).map { unescaped($0) }
                report += "\(line) -> \(try carryOut(Attack(words)))\n"
            }
            try Files.write("/output/report", content: Array(report.utf8))
        } catch {
            Files.log(error.message)
            throw Failed()
        }
    }

    private static func carryOut(_ attack: Attack) throws(Failure) -> String {
        if let outcome = onFiles(attack) { return outcome }
        if let outcome = onDirectories(attack) { return outcome }
        if let outcome = onTables(attack) { return outcome }
        if let outcome = onSurroundings(attack) { return outcome }
        if let outcome = onItself(attack) { return outcome }
        throw Failure("no such attack: \(attack.verb)")
    }
}

/// A verb and its arguments.
struct Attack {
    let verb: String
    private let arguments: [String]

    init(_ words: [String]) {
        verb = words[0]
        arguments = Array(words.dropFirst())
    }

    /// An absent argument is empty.
    subscript(index: Int) -> String { index < arguments.count ? arguments[index] : "" }

    func number(_ index: Int) -> Int { Int(self[index]) ?? 0 }
}

/// What came of something that can fail: `done`, or the error.
func outcome<Reason: Error & CustomStringConvertible>(_ work: () throws(Reason) -> Void) -> String {
    told { () throws(Reason) in
        try work()
        return "done"
    }
}

/// The same of something that has an answer.
func told<Reason: Error & CustomStringConvertible>(_ work: () throws(Reason) -> String) -> String {
    do throws(Reason) {
        return try work()
    } catch {
        return error.description
    }
}

extension Failure: CustomStringConvertible {
    var description: String { message }
}

extension IoStreams.StreamError: CustomStringConvertible {
    var description: String {
        switch self {
        case .closed: "closed"
        case .lastOperationFailed(let error): error.toDebugString()
        }
    }
}

/// `%00` is NUL, `%7C` a bar; `%LONG` is 10,000 letters.
private func unescaped(_ word: Substring) -> String {
    var text = ""
    var rest = word
    while let character = rest.popFirst() {
        guard character == "%" else {
            text.append(character)
            continue
        }
        let code = rest.prefix(4) == "LONG" ? rest.prefix(4) : rest.prefix(2)
        rest = rest.dropFirst(code.count)
        if code == "LONG" {
            text += String(repeating: "a", count: 10_000)
        } else {
            text.unicodeScalars.append(Unicode.Scalar(UInt8(code, radix: 16) ?? 63))
        }
    }
    return text
}
