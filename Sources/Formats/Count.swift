/// How many there are of something, at least one: exactly while that fits 62 bits, else as an upper bound.
///
/// Counts of files are products, sums and powers far beyond any integer type, and what is told of them is their
/// logarithm. So a large count is kept as its logarithm, each step rounded up.
public struct Count: Equatable, Sendable {
    /// The count itself, where it is below 2^62.
    public let exact: UInt64?
    /// Its logarithm, rounded up.
    public let capacity: Capacity

    private static let largestExact: UInt64 = 1 << 62

    /// - Precondition: at least one.
    public init(_ exact: UInt64) {
        precondition(exact > 0, "a count of nothing has no logarithm")
        self.exact = exact < Self.largestExact ? exact : nil
        capacity = Capacity(log2Of: exact)
    }

    private init(atMost capacity: Capacity) {
        exact = nil
        self.capacity = capacity
    }

    /// Pairs of one of each.
    public static func * (left: Count, right: Count) -> Count {
        if let one = left.exact, let other = right.exact {
            let (product, overflows) = one.multipliedReportingOverflow(by: other)
            if !overflows, product < largestExact { return Count(product) }
        }
        return Count(atMost: left.capacity + right.capacity)
    }

    /// One of either.
    public static func + (left: Count, right: Count) -> Count {
        if let one = left.exact, let other = right.exact { return Count(one + other) }
        let larger = max(left.capacity, right.capacity)
        let smaller = min(left.capacity, right.capacity)
        // A millionth more is less than the smallest step; at most it is twice as many.
        let isNegligible = larger > smaller + .bit * 20
        return Count(atMost: larger + (isNegligible ? .smallest : .bit))
    }

    /// Lists of `length` of them.
    public func power(_ length: Int) -> Count {
        precondition(length >= 0, "a list has no negative length")
        guard let exact, let value = Self.exactPower(exact, length) else { return Count(atMost: capacity * length) }
        return Count(value)
    }

    private static func exactPower(_ base: UInt64, _ length: Int) -> UInt64? {
        guard base > 1 else { return 1 }
        guard length < 62 else { return nil }
        var value: UInt64 = 1
        for _ in 0..<length {
            let (product, overflows) = value.multipliedReportingOverflow(by: base)
            guard !overflows, product < largestExact else { return nil }
            value = product
        }
        return value
    }

    /// Lists of at most `maximum` of them: 1 + n + n² + … + n^maximum.
    public func sequences(atMost maximum: Int) -> Count {
        precondition(maximum >= 0, "a list has no negative length")
        if exact == 1 { return Count(UInt64(maximum) + 1) }
        if let exact, let sum = Self.exactSum(exact, maximum) { return Count(sum) }
        // (n^(k+1) - 1) / (n - 1) < n^k * n / (n - 1).
        let excess = exact.map { Capacity(log2Of: $0, over: $0 - 1) } ?? .smallest
        return Count(atMost: capacity * maximum + excess)
    }

    private static func exactSum(_ base: UInt64, _ maximum: Int) -> UInt64? {
        var sum: UInt64 = 1
        var power: UInt64 = 1
        guard maximum < 62 else { return nil }
        for _ in 0..<maximum {
            let (product, overflows) = power.multipliedReportingOverflow(by: base)
            guard !overflows, product < largestExact, sum + product < largestExact else { return nil }
            power = product
            sum += product
        }
        return sum
    }

    /// Selections of at most `maximum` of them in which order says nothing and one may occur several times: there are
    /// C(n + maximum, maximum).
    public func multisets(atMost maximum: Int) -> Count {
        precondition(maximum >= 0, "a selection has no negative size")
        if let exact {
            if let value = Self.exactMultisets(exact, UInt64(maximum)) { return Count(value) }
            let size = min(exact, UInt64(maximum))
            let base = max(exact, UInt64(maximum))
            return Count(atMost: Self.boundedSum(to: size) { Capacity(log2Of: base + $0, over: $0) })
        }
        // n is 2^62 at least, so log2(n + i) exceeds log2(n) by less than the smallest step.
        return Count(atMost: Self.boundedSum(to: UInt64(maximum)) { capacity + .smallest - Capacity(log2Below: $0) })
    }

    private static func exactMultisets(_ count: UInt64, _ maximum: UInt64) -> UInt64? {
        let size = min(count, maximum)
        let base = max(count, maximum)
        guard size > 0 else { return 1 }
        var value: UInt64 = 1
        for step in 1...size {
            // value * (base + step) / step is whole: it is a binomial coefficient.
            let product = value.multipliedFullWidth(by: base + step)
            guard product.high < step else { return nil }
            value = step.dividingFullWidth(product).quotient
            guard value < largestExact else { return nil }
        }
        return value
    }

    /// The sum of a term that falls as its index grows, from 1 to `last`: one by one at first, then in blocks that
    /// count as their first term, so that a million rows cost thousands of steps.
    private static func boundedSum(to last: UInt64, _ term: (UInt64) -> Capacity) -> Capacity {
        var sum = Capacity.none
        var index: UInt64 = 1
        while index <= last {
            let length = min(max(1, index / 1024), last - index + 1)
            sum = sum + term(index) * Int(length)
            index += length
        }
        return sum
    }
}
