/// The discrete Laplace distribution, drawn exactly: no floating point, whose rounding would tell what was added.
///
/// Canonne, Kamath and Steinke, *The Discrete Gaussian for Differential Privacy* (2020), algorithms 1 and 2.
package struct DiscreteLaplace {
    /// P(x) is proportional to exp(-|x| / scale).
    package let scale: Ratio

    package init(scale: Ratio) {
        self.scale = scale
    }

    package func draw(from stream: inout NoiseStream) -> Int64 {
        let (t, s) = (scale.numerator, scale.denominator)
        while true {
            let rest = stream.next(below: t)
            guard Self.isDrawn(rest, of: t, from: &stream) else { continue }
            var whole: UInt64 = 0
            while Self.isDrawn(1, of: 1, from: &stream) { whole += 1 }
            // A numerator of 15 digits, so many times: past 64 bits only with a chance of e^-9000.
            let (product, overflows) = whole.multipliedReportingOverflow(by: t)
            let magnitude = overflows ? Self.largest : min((rest + min(product, Self.largest)) / s, Self.largest)
            let isNegative = stream.next() & 1 == 1
            if isNegative, magnitude == 0 { continue }
            return isNegative ? -Int64(magnitude) : Int64(magnitude)
        }
    }

    /// More is outside every column's range.
    private static let largest: UInt64 = 2_000_000_000_000_000_000

    /// True with the probability exp(-`part` / `whole`), where `part` is no more than `whole`.
    private static func isDrawn(_ part: UInt64, of whole: UInt64, from stream: inout NoiseStream) -> Bool {
        var step: UInt64 = 1
        // True with the probability part / (whole * step). The chance to come to a step is one over its factorial.
        while stream.next(below: whole * step) < part { step += 1 }
        return !step.isMultiple(of: 2)
    }
}
