internal import Commitments

/// Where a component's bytes lie in the composed binary, and where in its own file they stand.
struct EmbeddedOffsets: Sendable {
    let subject: Attribution.Subject
    /// The component's bytes, without the section's head.
    let range: Range<Int>
    /// Places from which on offsets differ: in the capped bytes, and the file's offset that stands there.
    let steps: [(capped: Int, file: Int)]

    /// The offset in the component's own file, or `nil` outside.
    func fileOffset(of offset: Int) -> Int? {
        guard range.lowerBound <= offset, offset <= range.upperBound else { return nil }
        let capped = offset - range.lowerBound
        let step = steps.last { $0.capped <= capped } ?? (0, 0)
        return step.file + capped - step.capped
    }
}

extension ComposedBinary {
    /// The engine's words with offsets of the components' own files, and their names, where it counts from the composed
    /// binary's start. For the person who rehearses.
    ///
    /// `3:   0x2c51 - <unknown>!run` becomes `3:   main at 0x1f - run`.
    public func located(_ words: String) -> String {
        words.split(separator: "\n", omittingEmptySubsequences: false).map { located(line: String($0)) }
            .joined(separator: "\n")
    }

    private func located(line: String) -> String {
        if let frame = line.firstRange(of: " - "), let start = line[..<frame.lowerBound].lastIndex(of: " "),
            let place = place(line[line.index(after: start)..<frame.lowerBound]), isFrame(line)
        {
            var function = line[frame.upperBound...]
            if function.hasPrefix("<unknown>!") { function = function.dropFirst("<unknown>!".count) }
            return line[...start] + place + " - " + function
        }
        guard let phrase = line.ranges(of: "at offset ").last,
            let place = place(line[phrase.upperBound...].prefix { $0.isHexDigit || $0 == "x" })
        else { return line }
        let number = line[phrase.upperBound...].prefix { $0.isHexDigit || $0 == "x" }
        return line[..<phrase.lowerBound] + "in " + place + line[number.endIndex...]
    }

    /// A number, a colon and spaces, as the frames of a backtrace begin.
    private func isFrame(_ line: String) -> Bool {
        let text = line.drop { $0 == " " }
        return text.first?.isNumber == true && text.drop(while: \.isNumber).first == ":"
    }

    /// `main at 0x1f`, for an offset of the composed binary in hexadecimal or decimal digits.
    private func place(_ number: Substring) -> String? {
        let offset = number.hasPrefix("0x") ? Int(number.dropFirst(2), radix: 16) : Int(number)
        guard let offset, let found = offsets.first(where: { $0.fileOffset(of: offset) != nil }),
            let own = found.fileOffset(of: offset)
        else { return nil }
        let digits = String(own, radix: 16)
        switch found.subject {
        case .component(let name): return "\(name) at 0x\(digits)"
        case .shim(let name): return "the shim of \(name) at 0x\(digits)"
        case .refusedExit: return "the exit that only the component that runs has"
        default: return nil
        }
    }
}
