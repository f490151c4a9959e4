public import Commitments
public import Primitives

/// A plan: several sessions under one agreement, and what flows between them.
///
/// Only decoding makes one, so every value here has met every rule of docs/PLAN.md that a plan can meet without its
/// manifests: names are unique, references resolve, flows have no cycle. Whether its manifests fit is
/// ``ResolvedPlan``'s question, and whether anyone signed it ``SignedPlan``'s.
public struct Plan: Equatable, Sendable {
    public static let maximumByteCount = 1 << 20
    public static let maximumSessionCount = 1000
    /// Each costs some 70 bytes of the document.
    static let maximumFlowCount = 8192

    public let name: Name
    /// Plain words for the people who sign: at most 2,000 characters.
    public let purpose: ForeignText
    /// Random, so that nobody who sees the digest alone can guess the rest.
    public let salt: FixedBytes<32>
    /// They take part in every session.
    public let participants: [Participant]
    public let platforms: [PlanPlatform]
    public let sessions: [PlannedSession]
    public let flows: [Flow]
    public let evidence: EvidenceTerms

    /// RFC 8785 form: the bytes that are signed.
    public let canonicalBytes: [UInt8]
    /// SHA-256 over ``canonicalBytes``.
    public let digest: SHA256Digest

    /// Decodes a plan in any layout, and holds it against every rule that needs no manifest.
    ///
    /// - Throws: ``PlanError``, with the path of the first offending value.
    public init(decoding bytes: [UInt8]) throws(PlanError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 16, orThrow: PlanError.document
        ) { reader throws(JSONShapeError) in
            try Plan(reader)
        }
        try PlanRules(self).enforce()
    }

    /// The shape alone: what one value cannot show by itself is ``PlanRules``' to find.
    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        name = try object.required("name").name()
        purpose = try object.required("purpose").purpose()
        salt = try object.hex("salt")
        participants = try object.required("participants").participants()
        platforms = try object.required("platforms").list(1...64, PlanPlatform.init)
        sessions = try object.required("sessions").list(1...Self.maximumSessionCount, PlannedSession.init)
        flows = try object.required("flows").distinct(0...Self.maximumFlowCount, Flow.init)
        evidence = try EvidenceTerms(try object.required("evidence"))
        try object.finish()
        canonicalBytes = reader.value.canonicalBytes
        digest = SHA256Digest(sha256: canonicalBytes)
    }
}

/// What a machine must prove, under a name that sessions use.
public struct PlanPlatform: Equatable, Sendable {
    public let name: Name
    public let requirements: PlatformRequirements
}

/// One virtual machine's life under one manifest, and how often it may be tried.
public struct PlannedSession: Equatable, Sendable {
    public static let maximumAttempts = 16

    public let name: Name
    /// Of the manifest that has this session's name.
    public let manifest: SHA256Digest
    /// The name of one of the plan's platforms.
    public let platform: Name
    /// How many virtual machines may take the session's part, since a scheduler starts some twice.
    public let attempts: Int
}

/// What sessions demand of each other's evidence besides what the platforms say.
///
/// A session has no clock that it could trust, so the plan says how old a revocation list may be.
public struct EvidenceTerms: Equatable, Sendable {
    public let revocationNotBefore: PlanDate
    /// SHA-256 of the policy file that narrows what the platforms say; `nil` without one.
    public let policy: SHA256Digest?
}

/// A day of the Gregorian calendar, `2026-11-27`.
public struct PlanDate: Hashable, Sendable, CustomStringConvertible {
    /// Of ten characters.
    public let description: String
}

extension PlanDate: Comparable {
    /// Dates of one length are in the order of their text.
    public static func < (left: PlanDate, right: PlanDate) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

extension Plan {
    /// What the plan says for each of its manifests.
    package var terms: PlanTerms {
        let requirements = Dictionary(platforms.map { ($0.name, $0.requirements) }) { first, _ in first }
        var platforms: [Name: PlatformRequirements] = [:]
        for session in sessions { platforms[session.name] = requirements[session.platform] }
        return PlanTerms(digest: digest, participants: participants, platforms: platforms)
    }
}
