public import Commitments
internal import Primitives

/// A plan with all its manifests, each resolved against it, which fit together.
///
/// Only ``Plan/resolve(_:)`` makes one. Signing needs it: nobody signs a plan of which they have not seen every
/// manifest.
public struct ResolvedPlan: Equatable, Sendable {
    public let plan: Plan
    /// One for each session, in the plan's order.
    public let manifests: [Manifest]

    fileprivate init(_ plan: Plan, _ manifests: [Manifest]) {
        self.plan = plan
        self.manifests = manifests
    }
}

extension Plan {
    /// One manifest of the plan, in any layout: it names the session that it is for.
    ///
    /// Its ends are held against the plan's flows. Whether the other ends fit, only all manifests together show.
    public func manifest(decoding bytes: [UInt8], of session: Name) throws(PlanError) -> Manifest {
        try manifest(decoding: bytes, of: session, with: terms, FlowEnds(self))
    }

    /// Decodes every manifest, and holds all of them against the plan and against each other.
    ///
    /// - Parameter documents: each manifest's bytes by its session's name. None may be missing, and none too many.
    public func resolve(_ documents: [Name: [UInt8]]) throws(PlanError) -> ResolvedPlan {
        let (terms, ends) = (terms, FlowEnds(self))
        let known = Set(sessions.map(\.name))
        if let stray = documents.keys.filter({ !known.contains($0) }).sorted().first {
            throw .rule(.manifestStray(stray), at: JSONPath.root.appending("sessions"))
        }
        var manifests: [Manifest] = []
        for (index, session) in sessions.enumerated() {
            guard let bytes = documents[session.name] else {
                throw .rule(.manifestMissing(session.name), at: path(ofSession: index, "manifest"))
            }
            manifests.append(try manifest(decoding: bytes, of: session.name, with: terms, ends))
        }
        try ManifestsRules(self, manifests).enforce()
        return ResolvedPlan(self, manifests)
    }

    private func manifest(
        decoding bytes: [UInt8], of session: Name, with terms: PlanTerms, _ ends: FlowEnds
    ) throws(PlanError) -> Manifest {
        let manifest: Manifest
        do {
            manifest = try Manifest(decoding: bytes, in: terms)
        } catch {
            throw .manifest(error, of: session)
        }
        guard let index = sessions.firstIndex(where: { $0.name == session }) else {
            throw .rule(.sessionUnknown(session), at: JSONPath.root.appending("sessions"))
        }
        guard manifest.name == session, manifest.digest == sessions[index].manifest else {
            throw .rule(
                .manifestDiffers(session, found: manifest.digest), at: path(ofSession: index, "manifest"))
        }
        try ends.requireMet(by: manifest, path(ofSession: index, "manifest"))
        return manifest
    }

    func path(ofSession index: Int, _ member: String) -> JSONPath {
        JSONPath.root.appending("sessions").appending(index).appending(member)
    }
}
