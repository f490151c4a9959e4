package import Commitments
internal import Composition
package import Execution
internal import Formats
internal import Platform
package import Primitives

/// A rehearsal's end, for people and for machines.
package struct RunSummary {
    private let document: ManifestDocument
    private let result: Rehearsal.Result
    private let standIns: [Name]

    package init(_ document: ManifestDocument, _ result: Rehearsal.Result, standIns: [Name]) {
        self.document = document
        self.result = result
        self.standIns = standIns
    }

    private var report: RunReport { result.report }

    /// The failure as an error: the engine's refusal in the manifest's words where that is possible.
    package func failure(_ reason: FailureReason) -> any CommandFault {
        guard let words = report.diagnostics?.engine else { return reason }
        let composed = result.plan.composed
        return switch reason {
        case .refusedByEngine: composed.refusal(explaining: words) ?? reason
        case .trapped: composed.refusedExit(explaining: words) ?? reason
        default: reason
        }
    }

    /// The outputs of a run that completed. Of one that failed it is printed what is known, and thrown why.
    package func requireOutputs() throws(CommandFailure) -> [CollectedOutput] {
        switch result.outcome {
        case .completed(let outputs): return outputs
        case .failed(let reason):
            show(folder: "")
            throw CommandFailure(failure(reason))
        }
    }

    /// Prints it, results on standard output and all else on standard error.
    package func show(folder: String) {
        for wall in report.walls.missing { printError("2cvm: note: this machine lacks a wall: \(wall)") }
        for name in standIns { printError("2cvm: note: \(name) was a stand-in for what the manifest pins") }
        switch result.outcome {
        case .completed(let outputs):
            for output in outputs {
                let recipients = document.manifest.outputs.first { $0.name == output.name }?.recipients ?? []
                let names = recipients.map(\.description).joined(separator: ", ")
                print("\(folder)/\(output.name)  \(output.byteCount) bytes, for \(names)")
                if let line = ruleLine(output.name) { print("  \(line)") }
            }
            print("completed: compiled in \(seconds(report.compileTime)), ran in \(seconds(report.runTime))")
            if let line = memoryLine { print(line) }
        case .failed(let reason):
            showDiagnostics()
            if let line = memoryLine { printError("2cvm: note: \(line)") }
            if reason == .trapped || reason == .declined {
                for line in suspicions { printError("2cvm: note: \(line)") }
            }
        }
    }

    /// What the rules did to an output, where it has some.
    private func ruleLine(_ name: Name) -> String? {
        guard let rules = document.manifest.outputs.first(where: { $0.name == name })?.gate.rules, !rules.isEmpty,
            case .passed(let report)? = result.findings[name]
        else { return nil }
        var parts: [String] = []
        if !rules.noise.isEmpty { parts.append("noise on \(report.noisedCells) cells") }
        if rules.minimumGroup != nil { parts.append("\(report.droppedRows) of \(report.rows) rows dropped") }
        if !rules.rounding.isEmpty { parts.append("\(report.roundedCells) cells rounded") }
        return parts.joined(separator: ", ")
    }

    private var memories: [ComponentMemory]? {
        report.memories.flatMap { result.plan.composed.memories(in: $0) }
    }

    /// What each component used.
    private var memoryLine: String? {
        guard let memories, !memories.isEmpty else { return nil }
        return "memory at most: "
            + memories.map { "\($0.component) \(mebibytes($0.peakBytes)) of \($0.memoryMiB) MiB" }.joined(
                separator: ", ")
    }

    /// Components that may have run out of memory. Code that does is seldom able to say so.
    private var suspicions: [String] {
        (memories ?? []).compactMap { memory in
            let name = "\(memory.component)"
            if memory.reachedBound {
                return "\(name) had all the memory that it may have, and probably ran out of it: raise its memoryMiB"
            }
            guard memory.peakBytes > memory.memoryMiB << 19 else { return nil }
            return "\(name) had more than half of its memory: where it asked for as much again, it ran out of it"
        }
    }

    private func mebibytes(_ bytes: Int) -> String {
        let tenths = (bytes * 10 + (1 << 20) - 1) >> 20
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Shown after a failure only: what succeeded needs no words, and a log may hold data.
    private func showDiagnostics() {
        guard let diagnostics = report.diagnostics else { return }
        if !diagnostics.engine.isEmpty { printError(indented(engineWords, under: "the engine says")) }
        for log in diagnostics.logs {
            let cut = log.isCut ? ", its end" : ""
            printError(indented(log.text, under: "\(log.component) printed to \(log.stream)\(cut)"))
        }
        guard !diagnostics.engine.isEmpty || !diagnostics.logs.isEmpty else { return }
        printError("2cvm: note: a sealed run shows none of this; a log channel grants its recipients a log")
    }

    /// With the components' names where the engine has offsets of the composed binary.
    private var engineWords: String { result.plan.composed.located(report.diagnostics?.engine ?? "") }

    private func indented(_ text: String, under title: String) -> String {
        let columns = Terminal.standardError.columns.map { $0 - 4 } ?? .max
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
            .flatMap { String($0).broken(columns: columns) }.map { "  | \($0)" }
        return (["2cvm: \(title):"] + lines).joined(separator: "\n")
    }

    /// Keys are stable.
    package func json(folder: String) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember("manifest", .string(document.manifest.digest.prefixed)),
            JSONMember("composed", .string(result.plan.composed.digest.prefixed)),
            JSONMember("missingSigners", names(document.missingSigners)),
            JSONMember("standIns", names(standIns)),
            JSONMember("missingWalls", .array(report.walls.missing.map { .string($0.description) })),
            JSONMember(
                "microseconds",
                [
                    "compose": microseconds(result.plan.composeTime), "compile": microseconds(report.compileTime),
                    "run": microseconds(report.runTime), "overhead": microseconds(result.overhead),
                ]),
        ]
        members.append(JSONMember("memory", memories.map { .array($0.map(json)) } ?? .null))
        switch result.outcome {
        case .completed(let outputs):
            members.append(JSONMember("outcome", "completed"))
            members.append(
                JSONMember(
                    "outputs",
                    .array(
                        outputs.map { output in
                            [
                                "name": .string(output.name.description), "file": .string("\(folder)/\(output.name)"),
                                "bytes": .integer(output.byteCount),
                                "gate": result.findings[output.name]?.json ?? .null,
                            ]
                        })))
        case .failed(let reason):
            members.append(JSONMember("outcome", "failed"))
            members.append(JSONMember("reason", .string(failure(reason).code)))
            members.append(JSONMember("engine", .string(engineWords)))
            members.append(
                JSONMember(
                    "logs",
                    .array(
                        (report.diagnostics?.logs ?? []).map { log in
                            [
                                "component": .string(log.component), "stream": .string(log.stream),
                                "text": .string(log.text),
                            ]
                        })))
        }
        return .object(members)
    }

    private func json(_ memory: ComponentMemory) -> JSONValue {
        [
            "component": .string(memory.component.description), "peakBytes": .integer(memory.peakBytes),
            "memoryMiB": .integer(memory.memoryMiB), "reachedBound": .bool(memory.reachedBound),
        ]
    }

    private func names(_ names: [Name]) -> JSONValue { .array(names.map { .string($0.description) }) }

    private func microseconds(_ duration: Duration) -> JSONValue {
        .integer(Int(duration / .microseconds(1)))
    }

    private func seconds(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        return milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }
}
