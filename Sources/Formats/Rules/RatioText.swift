extension Ratio {
    /// The decimal number that was read in units of 10^-`fractionDigits`, in its shortest form.
    public func text(inUnitsOf fractionDigits: Int) -> String {
        var whole = String(numerator / denominator)
        var rest = numerator % denominator
        var places = ""
        // The denominator is a product of twos and fives, so this ends.
        while rest > 0 {
            rest *= 10
            places += String(rest / denominator)
            rest %= denominator
        }
        if whole.utf8.count <= fractionDigits {
            whole = String(repeating: "0", count: fractionDigits + 1 - whole.utf8.count) + whole
        }
        let point = whole.index(whole.endIndex, offsetBy: -fractionDigits)
        places = whole[point...] + places
        while places.last == "0" { places.removeLast() }
        return places.isEmpty ? String(whole[..<point]) : "\(whole[..<point]).\(places)"
    }
}
