internal import Formats
internal import Primitives

// Who asks, who decides on questions and results, and who can hold others up.

extension Explanation {
    static func runs(_ manifest: Manifest, _ voice: Voice) -> [Statement] {
        let count = manifest.limits.runs
        var statements: [Statement] = []
        if count > 1 {
            let askers = manifest.questions.map { "\($0.name) of \(voice.object($0.provider))" }
            let listing = Listing(askers, title: "what is brought for each run anew")
            statements.append(
                .notice(
                    "There are at most \(grouped(count)) runs. Each begins when \(listing.text) has come anew. All "
                        + "other data and all code stay the same.", details: listing.details))
            if manifest.limits.failures < count {
                statements.append(
                    .notice(
                        "After \(counted(manifest.limits.failures, "run")) that released nothing, no more questions "
                            + "are taken."))
            }
            statements.append(differencing(manifest))
        }
        statements += manifest.data.compactMap { question($0, voice) }
        for output in manifest.outputs { statements += result(output, voice) }
        if count > 1 || manifest.hasReviews || manifest.hasHeldResults { statements += stalling(manifest, voice) }
        return statements
    }

    /// What several answers tell that none of them does.
    private static func differencing(_ manifest: Manifest) -> Statement {
        let isNoised = manifest.outputs.contains { !$0.gate.rules.noise.isEmpty }
        return .warning(
            "Answers can be subtracted: what two of them say of groups that differ by one person, tells of that "
                + "person. Smallest groups and rounding do not prevent it. "
                + (isNoised
                    ? "Noise bounds it, and its epsilon adds up over the runs."
                    : "Noise would bound it, and no output has any."))
    }

    private static func question(_ entry: DataEntry, _ voice: Voice) -> Statement? {
        guard let approval = entry.approval else { return nil }
        let names = Listing(approval.approvers.map(voice.object), title: "who decides on \(entry.name)")
        return .notice(
            "Before each run \(names.text) can read \(entry.name), which \(voice.object(entry.provider)) "
                + "\(voice.isReader(entry.provider) ? "bring" : "brings"). The run begins when all of them have "
                + "agreed. No answer within \(duration(approval.seconds)) is a no.", details: names.details)
    }

    private static func result(_ output: Output, _ voice: Voice) -> [Statement] {
        guard let approval = output.approval else { return [] }
        let names = Listing(approval.approvers.map(voice.object), title: "who decides on \(output.name)")
        var statements: [Statement] = [
            .notice(
                "\(output.name) can be read by \(names.text) before anybody receives anything of that run. Everything "
                    + "of the run leaves when all of them have agreed, and else nothing. No answer within "
                    + "\(duration(approval.seconds)) is a no.", details: names.details)
        ]
        let others = approval.approvers.filter { !output.participants.contains($0) }
        if !others.isEmpty {
            statements.append(
                .warning(
                    "\(output.name) can be read by \(Listing(others.map(voice.object), title: "").text) without being "
                        + "sent to them."))
        }
        statements.append(
            .warning(
                "Those who decide on \(output.name) can refuse it for any reason, for instance because they do not "
                    + "like the result."))
        return statements
    }

    /// Who can keep others waiting, and who can use up runs.
    private static func stalling(_ manifest: Manifest, _ voice: Voice) -> [Statement] {
        var statements: [Statement] = []
        let askers = distinct(manifest.questions.map(\.provider))
        if !askers.isEmpty, manifest.limits.runs > 1 {
            statements.append(
                .notice(
                    "\(Listing(askers.map(voice.object), title: "who asks").text) can keep the next run from "
                        + "beginning, for \(duration(manifest.limits.admissionSeconds)) at most. Then the session "
                        + "ends."))
        }
        let deciders = manifest.participants.map(\.name).filter {
            manifest.questionApprovers.contains($0) || manifest.resultApprovers.contains($0)
        }
        if !deciders.isEmpty {
            statements.append(
                .notice(
                    "Each of \(Listing(deciders.map(voice.object), title: "who decides").text) can use up runs by "
                        + "saying no, or by saying nothing."))
        }
        if manifest.limits.runs > 1 {
            statements.append(
                .notice(
                    "The outputs of \(counted(manifest.limits.keptRuns, "run")) are kept at once. A recipient who "
                        + "neither fetches nor confirms them keeps the next run from beginning, for "
                        + "\(duration(manifest.limits.retentionSeconds)) at most."))
        }
        return statements
    }

    private static func distinct<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }
}

extension Manifest {
    /// Stands behind a number of bits.
    var inAllRuns: String { limits.runs == 1 ? "" : " in all \(grouped(limits.runs)) runs" }
}
