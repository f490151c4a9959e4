public import Primitives

extension Gate {
    /// The keys of an output's entry that say what may leave.
    public static let keys = ["maximumBytes", "format", "noise", "minimumGroup", "round"]

    /// Takes ``keys`` from an output's entry.
    public init(_ object: inout JSONObjectReader, isLog: Bool = false) throws(JSONShapeError) {
        let maximumBytes = try object.integer("maximumBytes", in: 1...Format.maximumByteCount)
        let format = try Format(try object.required("format"))
        try format.requireSize(maximumBytes, at: object.path.appending("maximumBytes"))
        self.init(
            format: format, rules: try OutputRules(&object, for: format), maximumBytes: maximumBytes, isLog: isLog)
    }
}

extension Format {
    /// Of any content that a manifest bounds: 1 TiB.
    public static let maximumByteCount = 1 << 40
    /// Of a JSON text, which is read as a whole into values that take many times its size.
    public static let maximumJSONByteCount = 8 << 20

    /// Refuses a bound up to which the format is never read.
    public func requireSize(_ maximumBytes: Int, at path: JSONPath) throws(JSONShapeError) {
        guard case .json = self, maximumBytes > Self.maximumJSONByteCount else { return }
        throw .wrongForm(path, expected: "at most \(Self.maximumJSONByteCount) beside a format of kind json")
    }
}
