public import Commitments
public import Primitives

/// How a run ended.
public enum SessionOutcome: Equatable, Sendable {
    /// Every output, in the manifest's order.
    case completed([OutputCommitment])
    case failed(Failure)
}

/// Why a run released nothing. Its askers, its recipients and those who decide are told, and nobody else.
public enum Failure: Equatable, Sendable {
    /// The code ended badly, or what it wrote was not what may leave. Which of the two, the code would choose.
    case code
    /// Somebody who decides said no, or nothing.
    case refused(Review.Subject, by: [Name], silent: [Name])
    /// Nobody brought what the run needs.
    case expired
    case withdrawn(by: Name)
    /// Another session of the plan, which fills a slot of this one, released nothing.
    case sender(Name)
}

extension Failure {
    /// For those who are told.
    public var words: String {
        switch self {
        case .code: "the code failed, or what it wrote may not leave"
        case .refused(let subject, let refusing, let silent):
            [
                refusing.isEmpty ? nil : "\(subject.words) was refused by \(Self.list(refusing))",
                silent.isEmpty ? nil : "no answer on \(subject.words) came from \(Self.list(silent))",
            ].compactMap { $0 }.joined(separator: "; ")
        case .expired: "nobody brought what the next run needs, so the session takes nothing more"
        case .withdrawn(let name): "\(name) withdrew, so the session takes nothing more"
        case .sender(let name): "the session \(name), which this one waits for, released nothing"
        }
    }

    private static func list(_ names: [Name]) -> String { names.map(\.description).joined(separator: ", ") }
}

/// A commitment to one output under a salt that the session drew.
public struct OutputCommitment: Equatable, Sendable {
    public let name: Name
    public let salt: FixedBytes<32>
    public let digest: SHA256Digest

    /// Joins the three; the digest is the content commitment of docs/MANIFEST.md, made with `salt`.
    public init(name: Name, salt: FixedBytes<32>, digest: SHA256Digest) {
        self.name = name
        self.salt = salt
        self.digest = digest
    }
}

/// What went into a run and how it ended: what the receipt states. Only ``Session`` makes one.
public struct Conclusion: Equatable, Sendable {
    public internal(set) var admitted: AdmittedSet
    public let outcome: SessionOutcome
    /// Whether no run follows.
    public let isLast: Bool

    /// - Parameter closes: whether no run follows, also where one could.
    init(admitted: AdmittedSet, outcome: SessionOutcome, closes: Bool = false) {
        self.admitted = admitted
        self.outcome = outcome
        let isReleased = if case .completed = outcome { true } else { false }
        isLast = closes || admitted.course.isLast(released: isReleased)
    }
}
