/// A bit of an attestation report that a manifest can have a rule for. The raw value is its position.
///
/// All that is said of a bit anywhere stands in its ``facts``: a new bit is a case and a row there.
public protocol ReportBit: RawRepresentable<Int>, CaseIterable, Hashable, Sendable {
    /// The key of the field in a manifest's `platform`.
    static var fieldKey: String { get }
    /// What a finding's code has for the field.
    static var fieldCode: String { get }
    /// Every bit's, made once: appraisals ask for them all, thousands of times a second.
    static var table: [Self: BitFacts] { get }
}

/// What is known of one bit.
public final class BitFacts: Sendable {
    /// The specification's name.
    public let name: String
    /// In a manifest, below the field's key.
    public let key: String
    /// The end of a finding's code.
    public let code: String
    public let words: BitWords
    /// What the bit means at 0 and at 1.
    public let meanings: (zero: String, one: String)
    /// What a manifest asks for with it: a noun that `explain` prints.
    let demand: String
    /// What is given up without a rule for it. The key says which bit it is.
    let waiver: BitWaiver?
    /// The products whose reports have the bit; elsewhere it is 0 and says nothing.
    public let products: Set<SEVProduct>

    init(
        _ names: (name: String, key: String, code: String), _ words: BitWords, zero: String, one: String,
        demand: String, waiver: BitWaiver? = nil, products: Set<SEVProduct> = Set(SEVProduct.allCases)
    ) {
        (name, key, code) = names
        self.words = words
        meanings = (zero, one)
        self.demand = demand
        self.waiver = waiver
        self.products = products
    }
}

/// What is given up where nothing is asked of a bit.
struct BitWaiver: Sendable {
    let severity: Severity
    let opening: Waiver.Opening
    let meaning: String

    init(_ opening: Waiver.Opening, _ meaning: String, severity: Severity = .notice) {
        self.severity = severity
        self.opening = opening
        self.meaning = meaning
    }
}

/// What a bit must be.
public enum BitRule: String, CaseIterable, Sendable {
    case required, forbidden, any
}

/// The words that a manifest may use for a bit.
public enum BitWords: CaseIterable, Sendable {
    /// The bit hands the VM's memory to the host: it has no key, and is always forbidden.
    case none
    /// The bit grants something: `allowed` takes both values, `forbidden` only 0.
    case grant
    /// The bit restricts something: `required` takes only 1, `any` both values.
    case restriction
    /// The bit tells something: `required` takes only 1, `forbidden` only 0, `any` both.
    case statement

    public var rules: [(word: String, rule: BitRule)] {
        switch self {
        case .none: []
        case .grant: [("allowed", .any), ("forbidden", .forbidden)]
        case .restriction: [("required", .required), ("any", .any)]
        case .statement: BitRule.allCases.map { ($0.rawValue, $0) }
        }
    }
}

extension ReportBit {
    /// What is known of the bit.
    public var facts: BitFacts {
        guard let facts = Self.table[self] else { preconditionFailure("\(Self.self) has a row for each bit") }
        return facts
    }

    /// The specification's name.
    public var name: String { facts.name }

    /// What the bit means at 0 and at 1.
    public var meanings: (zero: String, one: String) { facts.meanings }
}

/// A rule for every bit of a field: none can be left out.
public struct BitRules<Bit: ReportBit>: Equatable, Sendable {
    private var rules: [Bit: BitRule]

    package init(_ rule: (Bit) -> BitRule) {
        rules = Dictionary(uniqueKeysWithValues: Bit.allCases.map { ($0, rule($0)) })
    }

    /// A bit without words is forbidden, whatever was asked.
    public package(set) subscript(bit: Bit) -> BitRule {
        get { bit.facts.words == .none ? .forbidden : rules[bit] ?? .forbidden }
        set { rules[bit] = newValue }
    }

    /// The bits that have this rule, in the order of their positions.
    func bits(_ rule: BitRule) -> [Bit] { Bit.allCases.filter { self[$0] == rule } }
}
