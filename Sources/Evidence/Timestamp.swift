/// A moment in UTC, to the second. Always an input: nothing in this module reads a clock.
public struct Timestamp: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let unixSeconds: Int64

    /// The years that certificates can name and that can be printed in four digits.
    public static let years = 1950...9999

    /// Wraps a count of seconds, or returns `nil` outside ``years``.
    public init?(unixSeconds: Int64) {
        guard Self.earliest...Self.latest ~= unixSeconds else { return nil }
        self.unixSeconds = unixSeconds
    }

    /// A second of a day, or `nil` where the calendar or the clock has none.
    ///
    /// - Parameters:
    ///   - date: Year, month (1 to 12) and day (from 1), Gregorian.
    ///   - time: Hours, minutes and seconds. A leap second is refused.
    public init?(date: (year: Int, month: Int, day: Int), time: (hour: Int, minute: Int, second: Int) = (0, 0, 0)) {
        guard Self.years ~= date.year, 1...12 ~= date.month else { return nil }
        guard date.day >= 1, date.day <= daysInMonth(date.month, of: date.year) else { return nil }
        guard 0...23 ~= time.hour, 0...59 ~= time.minute, 0...59 ~= time.second else { return nil }
        let days = daysSince1970(year: date.year, month: date.month, day: date.day)
        unixSeconds = Int64(days * 86_400 + time.hour * 3600 + time.minute * 60 + time.second)
    }

    /// Parses `2026-11-23` (midnight) or `2026-11-23T14:05:00Z` and no other spelling.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count == 20 else { return nil }
        func digits(_ range: Range<Int>) -> Int? {
            range.reduce(0 as Int?) { value, index in
                guard let value, 0x30...0x39 ~= bytes[index] else { return nil }
                return value * 10 + Int(bytes[index] - 0x30)
            }
        }
        guard let year = digits(0..<4), let month = digits(5..<7), let day = digits(8..<10),
            bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-")
        else { return nil }
        guard bytes.count == 20 else {
            self.init(date: (year, month, day))
            return
        }
        guard let hour = digits(11..<13), let minute = digits(14..<16), let second = digits(17..<19),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            bytes[19] == UInt8(ascii: "Z")
        else { return nil }
        self.init(date: (year, month, day), time: (hour, minute, second))
    }

    private static let earliest = Int64(daysSince1970(year: 1950, month: 1, day: 1) * 86_400)
    private static let latest = Int64(daysSince1970(year: 10_000, month: 1, day: 1) * 86_400 - 1)
}

extension Timestamp: Comparable {
    /// Earlier first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.unixSeconds < right.unixSeconds }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC: `2026-11-23T14:05:00Z`.
    public var description: String {
        let days = Int(unixSeconds.quotientFlooring(86_400))
        let second = Int(unixSeconds) - days * 86_400
        let (year, month, day) = civilDate(daysSince1970: days)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))T\(clock)Z"
    }
}

extension Int64 {
    fileprivate func quotientFlooring(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

private func padded(_ value: Int, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

// The Gregorian calendar repeats every 400 years (146,097 days). Years start in March here, so
// that the leap day is a year's last. Valid from year 0 on.

private func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
}

private func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
}
