package import Client
internal import Commitments
internal import Keys
internal import Lifecycle
internal import Primitives
internal import Verification

/// What came, for people and for machines.
package struct OutputsSummary {
    private let verified: VerifiedOutputs
    private let folder: String
    private let isOneOfSeveral: Bool

    package init(_ verified: VerifiedOutputs, folder: String, isOneOfSeveral: Bool) {
        self.verified = verified
        self.folder = folder
        self.isOneOfSeveral = isOneOfSeveral
    }

    private var receipt: Receipt { verified.receipt.receipt }

    /// Says what came. A run that failed is one for the command too, whose exit status says so.
    package func report(json: Bool) throws(CommandFailure) {
        show(json: json)
        if receipt.ending == .failed { throw CommandFailure(Failure.failedRun(hasNotice: verified.notice != nil)) }
    }

    private func show(json: Bool) {
        if json {
            return printJSON([
                "version": 1, "outcome": .string(receipt.ending.rawValue), "folder": .string(folder),
                "session": .string(receipt.sessionID.description), "run": .integer(receipt.run.number),
                "last": .bool(receipt.isLast),
                "outputs": .array(
                    verified.outputs.map {
                        ["name": .string($0.name.description), "bytes": .integer($0.byteCount)]
                    }),
                "notice": .bool(verified.notice != nil),
            ])
        }
        let run = isOneOfSeveral ? " of run \(receipt.run.number)" : ""
        print("the results\(run) were \(receipt.ending.words), under \(receipt.manifestDigest.prefixed)")
        for output in verified.outputs { print("\(folder)/\(output.name)  \(output.byteCount) bytes") }
        print(
            "\(folder)/\(OutputFiles.receipt)  what ran on what, signed by session \(SessionWords(receipt.sessionID))")
        if verified.notice != nil { print("\(folder)/\(OutputFiles.notice)  why there are none") }
        if isOneOfSeveral, receipt.isLast { print("no other run follows") }
    }

    private enum Failure: Error, Equatable, CommandFault {
        case failedRun(hasNotice: Bool)

        var status: ExitStatus { .runFailed }
        var code: String { "run.failed" }
        var message: String { "the session's run failed, and released nothing" }
        var hint: String? {
            switch self {
            case .failedRun(hasNotice: true): "notice.txt says why"
            case .failedRun(hasNotice: false):
                "a sealed run does not say why; `2cvm run` rehearses it where you may see"
            }
        }
    }
}
