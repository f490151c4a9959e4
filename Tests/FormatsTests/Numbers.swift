import Foundation

extension Double {
    var log2: Double { Foundation.log2(self) }
}

func logGamma(_ value: Double) -> Double { lgamma(value) }
