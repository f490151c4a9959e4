import AgentAPI
import ArgumentParser
import CommandOptions
import Client
import Commitments
import Evidence
import Keys
import Lifecycle
import Pages
import Platform
import Primitives
import Workbench

/// Shows what waits for an answer.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "See the question or the results that wait for your yes or no.",
        discussion: """
            Attests the session, opens what it sealed to you, and compares it with the commitments that your answer \
            will name. A question is compared with those of earlier runs that were shown to you: answers to two that \
            differ little can be subtracted. Then answer with the digest that is printed: `2cvm approve DIGEST` or \
            `2cvm refuse DIGEST`.

            A run that failed has nothing to decide. It is answered at once, so that nobody sees from outside how it \
            ended.

            Invisible characters are printed as \\u{CODE}.

            With --html it is a page, with the commands that answer it.

            Exit status: 0 shown, 1 refused, 3 nothing waits, or no answer.

            Example: 2cvm review http://127.0.0.1:8080 --manifest signed.json --as hospital-a --html review.html
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions

    @Flag(help: "Wait until something waits for your answer.")
    var wait = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var page: PageOption

    func validate() throws { try page.requireFile() }

    func run() async throws {
        let progress = Progress(isQuiet: json)
        let runs = try await SessionRuns(options, as: sender, progress)
        let name = runs.participant.name
        guard Review.Subject.allCases.contains(where: { runs.manifest.approvers(of: $0).contains(name) }) else {
            throw CommandFailure(ReviewCommandError.noApprover(name))
        }
        let review = try await pending(runs, progress)
        progress.finish()
        if review.index.isEmpty { try await answer(review, runs) } else { try runs.store.keep(review) }
        let summary = try ReviewSummary(review, under: runs.manifest, knownTo: runs.store)
        let typed = TypedCommand(
            Array(CommandLine.arguments.dropFirst(2)), without: ["--wait", "--json", "--force"], ["--html"])
        let commands = typed.answers(to: summary.view.digest)
        let isWritten = try page.write(Page(summary.view, answeredBy: commands), says: !json)
        if json { printJSON(summary.json) } else if !isWritten { print(summary.text) }
    }

    /// Answers what there is nothing to decide on. Asked twice, it was answered the first time.
    private func answer(_ review: ReviewedContents, _ runs: SessionRuns) async throws(CommandFailure) {
        do throws(ClientError) {
            _ = try await runs.client.send(
                review.answer(agreeing: true), to: runs.session, under: runs.manifest, as: runs.keys.signing)
        } catch {
            if case .refused(let problem) = error, problem.isOfGivenAnswer { return }
            throw CommandFailure(error)
        }
    }

    /// What waits, at once or after a while.
    private func pending(_ runs: SessionRuns, _ progress: Progress) async throws -> ReviewedContents {
        while true {
            let status = try await runs.status()
            if let end = status.end { throw CommandFailure(end) }
            let subject: Review.Subject? =
                switch status.stage {
                case .reviewing: .question
                case .holding: .result
                default: nil
                }
            if let subject, let run = status.run?.number,
                runs.manifest.approvers(of: subject).contains(runs.participant.name)
            {
                do {
                    let stream = try await runs.client.review(
                        of: runs.participant, on: subject, run: run, under: runs.manifest)
                    return try ReviewReader.open(
                        stream, on: subject, ofRun: run, of: runs.session, under: runs.manifest,
                        to: runs.participant, openedWith: runs.keys.sealing)
                } catch let error as ClientError {
                    guard case .refused(let problem) = error, problem.isOfPendingReview else {
                        throw CommandFailure(error)
                    }
                } catch let error as ReviewError {
                    throw CommandFailure(error)
                }
            }
            guard wait, status.stage != .finished else { throw CommandFailure(ReviewCommandError.nothingToDecide) }
            progress.step("waiting for a question or a result: \(status.summary)")
            try? await Task.sleep(for: .seconds(1))
        }
    }
}

/// Says yes.
struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Say yes to what `2cvm review` showed.",
        discussion: """
            The answer is signed, sealed to the session, and final. A question runs, and results leave, when everybody \
            who decides has said yes.

            Example: 2cvm approve DIGEST http://127.0.0.1:8080 --manifest signed.json --as hospital-a
            """)

    @OptionGroup var answer: AnswerOptions

    func run() async throws { try await answer.send(agreeing: true) }
}

/// Says no.
struct Refuse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse",
        abstract: "Say no to what `2cvm review` showed.",
        discussion: """
            The answer is signed, sealed to the session, and final. The run releases nothing; its number is used up.

            Example: 2cvm refuse DIGEST http://127.0.0.1:8080 --manifest signed.json --as hospital-a
            """)

    @OptionGroup var answer: AnswerOptions

    func run() async throws { try await answer.send(agreeing: false) }
}

struct AnswerOptions: ParsableArguments {
    @Argument(help: "The digest that `2cvm review` printed.")
    var digest: String

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard SHA256Digest(hex: digest) != nil else { throw ValidationError("expected a digest of 64 digits") }
    }

    func send(agreeing: Bool) async throws {
        guard let digest = SHA256Digest(hex: digest) else { return }
        let runs = try await SessionRuns(options, as: sender, Progress(isQuiet: json))
        let kept = try runs.store.review(digest)
        let answer = Decision(
            session: kept.session, run: kept.run, to: kept.subject, reviewed: kept.reviewed, agrees: agreeing)
        do throws(ClientError) {
            let status = try await runs.client.send(
                answer, to: runs.session, under: runs.manifest, as: runs.keys.signing)
            if json { return printJSON(status.json) }
            print("\(agreeing ? "approved" : "refused"): \(kept.subject.words) of run \(kept.run.number)")
        } catch {
            throw CommandFailure(error)
        }
    }
}
