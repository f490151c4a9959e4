import ArgumentParser
import CommandOptions
import Evidence
import Primitives
import Workbench

struct EvidenceCompare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show in which fields two reports differ.",
        discussion: """
            Each file is a report or a bundle. Nothing is verified. REPORT_DATA and SIGNATURE differ between any two \
            reports, and are marked by ~.

            Exit status: 0 they differ in nothing else, 1 they differ, 2 a file cannot be decoded, 3 it cannot be \
            opened.

            Example: 2cvm evidence compare yesterday.bin today.bin
            """)

    @Argument(help: "A report or a bundle.", completion: .file())
    var first: String

    @Argument(help: "Another one.", completion: .file())
    var second: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let difference = try ReportDifference(report(first), report(second))
        if json {
            printJSON(["version": 1, "differences": difference.json])
        } else if difference.fields.isEmpty {
            print("the two reports are the same")
        } else {
            for field in difference.fields { show(field) }
        }
        if !difference.fields.allSatisfy(\.isOfEachReport) { throw ExitStatus.refused.code }
    }

    private func report(_ path: String) throws(CommandFailure) -> AttestationReport {
        switch try readEvidence(path) {
        case .report(let report): report
        case .bundle(let bundle): bundle.report
        }
    }

    private func show(_ field: ReportDifference.Field) {
        print("\(field.isOfEachReport ? "~" : " ") \(field.name)")
        for (mark, side) in [("-", field.first), ("+", field.second)] {
            print("    \(mark) \(side.map { "\($0.value)  \($0.meaning)" } ?? "not in this version of the report")")
        }
        for (first, second) in field.bits {
            print("      \(first.name): \(first.isSet ? 1 : 0), \(first.meaning); then \(second.meaning)")
        }
    }
}
