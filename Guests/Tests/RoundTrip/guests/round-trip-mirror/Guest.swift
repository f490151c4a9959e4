/// Gives back what it is given.
enum Guest: KindsExports {
    static func numbers(
        _ a: Bool, b: UInt8, c: Int8, d: UInt16, e: Int16, f: UInt32, g: Int32, h: UInt64, i: Int64, j: Float, k: Double
    ) -> Tuple11<Bool, UInt8, Int8, UInt16, Int16, UInt32, Int32, UInt64, Int64, Float, Double> {
        Tuple11(a: a, b: b, c: c, d: d, e: e, f: f, g: g, h: h, i: i, j: j, k: k)
    }

    static func byte(_ value: Int8) -> Int8 { value }
    static func single(_ value: Float) -> Float { value }
    static func text(_ value: String) -> String { value }
    static func paint(_ value: Kinds.Colour) -> Kinds.Colour { value }
    static func allow(_ value: Kinds.Rights) -> Kinds.Rights { value }
    static func label(_ value: Kinds.Labelled, call: Kinds.Colour) -> Kinds.Labelled { value }
    static func drawAll(_ value: [Kinds.Shape]) -> [Kinds.Shape] { value }
    static func draw(_ value: Kinds.Shape) -> Kinds.Shape { value }
    static func options(_ a: UInt8?, b: String??) -> Tuple2<UInt8?, String??> { Tuple2(a: a, b: b) }

    static func lists(_ a: [[String]], b: [Double], c: [Bool]) -> Tuple3<[[String]], [Double], [Bool]> {
        Tuple3(a: a, b: b, c: c)
    }

    static func succeedIf(_ value: Result<UInt8, Failure>) throws(Kinds.Colour) -> UInt64 {
        guard case .success(let number) = value else { throw .green }
        return UInt64(number)
    }

    static func failIf(_ value: Bool) throws(Failed) {
        if value { throw Failed() }
    }

    static func failWith(_ value: Kinds.Shape) throws(Kinds.Shape) { throw value }
    static func nothing(_ result: UInt8) {}
}
