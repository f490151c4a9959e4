package import Client
internal import Commitments
internal import Lifecycle
internal import Primitives
internal import Verification

/// What came, for people and for machines.
package struct OutputsSummary {
    private let verified: VerifiedOutputs
    private let folder: String

    package init(_ verified: VerifiedOutputs, folder: String) {
        self.verified = verified
        self.folder = folder
    }

    private var receipt: Receipt { verified.receipt.receipt }

    package func show(json: Bool) {
        if json {
            return printJSON([
                "version": 1, "outcome": .string(receipt.ending.rawValue), "folder": .string(folder),
                "session": .string(receipt.sessionID.description),
                "outputs": .array(
                    verified.outputs.map {
                        ["name": .string($0.name.description), "bytes": .integer($0.byteCount)]
                    }),
                "notice": .bool(verified.notice != nil),
            ])
        }
        print("the results were \(receipt.ending.words), under \(receipt.manifestDigest.prefixed)")
        for output in verified.outputs { print("\(folder)/\(output.name)  \(output.byteCount) bytes") }
        print(
            "\(folder)/\(OutputFiles.receipt)  what ran on what, signed by session \(SessionWords(receipt.sessionID))")
        if verified.notice != nil { print("\(folder)/\(OutputFiles.notice)  why your component was not composed") }
    }

    /// The receipt says it; the exit status too.
    package enum Failure: Error, Equatable, CommandFault {
        case failedRun(hasNotice: Bool)

        package var status: ExitStatus { .runFailed }
        package var code: String { "run.failed" }
        package var message: String { "the session's run failed, and released nothing" }
        package var hint: String? {
            switch self {
            case .failedRun(hasNotice: true): "notice.txt says why your component was not composed"
            case .failedRun(hasNotice: false):
                "a sealed run does not say why; `2cvm run` rehearses it where you may see"
            }
        }
    }
}
