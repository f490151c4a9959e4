/// Days of the Gregorian calendar as `YYYY-MM-DD` and as a count of days, where 0001-01-01 is day zero.
package enum DateText {
    static let byteCount = 10
    /// 0001-01-01 to 9999-12-31.
    package static let all: ClosedRange<Int64> = 0...3_652_058

    package static func day(of text: Span<UInt8>) -> Int64? {
        guard text.count == byteCount else { return nil }
        var number = 0
        var parts: [3 of Int] = [0, 0, 0]
        var part = 0
        for index in 0..<byteCount {
            let byte = text[index]
            if index == 4 || index == 7 {
                guard byte == UInt8(ascii: "-") else { return nil }
                parts[part] = number
                part += 1
                number = 0
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
            }
        }
        parts[2] = number
        let (year, month, day) = (parts[0], parts[1], parts[2])
        guard year >= 1, (1...12).contains(month), day >= 1, day <= dayCount(of: month, in: year) else { return nil }
        return Int64(daysBefore(year: year) + daysBefore(month: month, in: year) + day - 1)
    }

    static func append(_ day: Int64, to bytes: inout [UInt8]) {
        // 400 years have 146,097 days: never more than a year too late, and then one step back.
        var year = Int(day) * 400 / 146_097 + 1
        if daysBefore(year: year) > Int(day) { year -= 1 }
        if daysBefore(year: year + 1) <= Int(day) { year += 1 }
        let ofYear = Int(day) - daysBefore(year: year)
        // A guess, and then a step or two.
        var month = min(12, ofYear / 29 + 1)
        while daysBefore(month: month, in: year) > ofYear { month -= 1 }
        while month < 12, daysBefore(month: month + 1, in: year) <= ofYear { month += 1 }
        let rest = ofYear - daysBefore(month: month, in: year)
        append(year, digitCount: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(month, digitCount: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(rest + 1, digitCount: 2, to: &bytes)
    }

    package static func text(_ day: Int64) -> String {
        var bytes: [UInt8] = []
        append(day, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ number: Int, digitCount: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digitCount { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    private static func dayCount(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysBefore(year: Int) -> Int {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }

    /// Of each month, in a year of 365 days.
    private static let firstDays: [12 of Int] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

    private static func daysBefore(month: Int, in year: Int) -> Int {
        firstDays[month - 1] + (month > 2 && isLeap(year) ? 1 : 0)
    }
}
