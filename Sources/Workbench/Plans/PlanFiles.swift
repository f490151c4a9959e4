internal import Commitments
internal import Platform
package import Plans
internal import Primitives

/// Where a plan and its manifests lie.
package struct PlanFiles: Sendable {
    package let plan: String
    package let manifests: String

    package init(plan: String, manifests: String?) {
        self.plan = plan
        let folder = plan.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        self.manifests = manifests ?? (plan.contains("/") ? "\(folder)/manifests" : "manifests")
    }

    /// A folder for a plan that is made.
    package init(folder: String) {
        plan = "\(folder)/plan.json"
        manifests = "\(folder)/manifests"
    }

    package func read() throws(CommandFailure) -> (document: PlanDocument, plan: ResolvedPlan) {
        let document: PlanDocument = try readAgreement(plan)
        var documents: [Name: [UInt8]] = [:]
        for session in document.plan.sessions {
            documents[session.name] = try readFile(
                file(of: session.name), maximumByteCount: Manifest.maximumByteCount)
        }
        do {
            return (document, try document.plan.resolve(documents))
        } catch {
            throw CommandFailure(error, in: place(of: error))
        }
    }

    /// The plan with everyone's signature, and with its manifests.
    package func readFullySigned() throws(CommandFailure) -> (signed: FullySignedPlan, plan: ResolvedPlan) {
        let (document, resolved) = try read()
        do {
            // A draft is refused as what it is.
            guard case .signed(let envelope) = document else {
                let envelope: SignedPlan = try readSigned(plan)
                return (try envelope.complete(), resolved)
            }
            return (try envelope.complete(), resolved)
        } catch let error as CommandFailure {
            throw error
        } catch let error as AgreementError<Plan> {
            throw CommandFailure(error, in: plan)
        } catch {
            preconditionFailure("both throw errors of their own kinds")
        }
    }

    /// Writes a plan in the making, if it is one that everyone could sign.
    ///
    /// - Returns: the plan as its readers will find it.
    package func write(_ draft: PlanDraft, force: Bool) throws(CommandFailure) -> ResolvedPlan {
        let manifests = draft.manifests.map { ($0.session, $0.value.indentedBytes) }
        let resolved: ResolvedPlan
        do {
            resolved = try Plan(decoding: draft.plan.canonicalBytes)
                .resolve(Dictionary(manifests) { first, _ in first })
        } catch {
            throw CommandFailure(error)
        }
        // Nothing is written where one file would be in the way of another.
        for path in [plan] + manifests.map({ file(of: $0.0) }) where !force && NamedFile.exists(path) {
            throw CommandFailure(CommandError.fileExists(path))
        }
        do {
            try NamedFile.makeFolders(self.manifests)
        } catch {
            throw CommandFailure(error)
        }
        for (session, bytes) in manifests { try writeFile(file(of: session), bytes, mode: 0o644, force: force) }
        try writeFile(plan, draft.plan.indentedBytes, mode: 0o644, force: force)
        return resolved
    }

    private func file(of session: Name) -> String { "\(manifests)/\(session).json" }

    /// The file that an error is about.
    private func place(of error: PlanError) -> String {
        if case .manifest(_, let session) = error { file(of: session) } else { plan }
    }
}

extension PlanError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .document: .unreadable
        case .manifest(let error, _), .terms(let error): error.status
        case .rule: .refused
        }
    }
}

extension PlanDraftError: CommandFault {
    package var status: ExitStatus { .refused }
}
