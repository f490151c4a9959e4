/// Days of the Gregorian calendar as `YYYY-MM-DD` and as a count of days, where 0001-01-01 is day zero.
package enum DateText {
    static let byteCount = 10
    /// 0001-01-01 to 9999-12-31.
    package static let all: ClosedRange<Int64> = 0...3_652_058

    package static func day(of text: Span<UInt8>) -> Int64? {
        guard text.count == byteCount, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            let year = number(in: text, 0..<4), let month = number(in: text, 5..<7), let day = number(in: text, 8..<10)
        else { return nil }
        guard year >= 1, (1...12).contains(month), day >= 1, day <= dayCount(of: month, in: year) else { return nil }
        return Int64(daysBefore(year: year) + daysBefore(month: month, in: year) + day - 1)
    }

    @inline(__always)
    private static func number(in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var number = 0
        for index in range {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// Years of March to February: a leap day is then a year's last, and months before it need not be told apart.
    @inline(__always)
    static func append(_ day: Int64, to output: inout OutputSpan<UInt8>) {
        let sinceMarch = UInt32(truncatingIfNeeded: day) + dayCountBeforeMarch
        // 400 years have 146,097 days, 100 have one less than a quarter of these, 4 years 1,461.
        let (era, ofEra) = sinceMarch.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Five months from March on have 153 days, and so do the next five.
        let monthFromMarch = (5 * ofYear + 2) / 153
        let dayOfMonth = ofYear - (153 * monthFromMarch + 2) / 5 + 1
        let isNextYear = monthFromMarch >= 10
        let year = 400 * era + yearOfEra + (isNextYear ? 1 : 0)
        append(year / 100, to: &output)
        append(year % 100, to: &output)
        output.append(UInt8(ascii: "-"))
        append(isNextYear ? monthFromMarch - 9 : monthFromMarch + 3, to: &output)
        output.append(UInt8(ascii: "-"))
        append(dayOfMonth, to: &output)
    }

    /// From March of the year zero to day zero.
    private static let dayCountBeforeMarch: UInt32 = 306

    package static func text(_ day: Int64) -> String {
        String(decoding: [UInt8](capacity: byteCount) { append(day, to: &$0) }, as: UTF8.self)
    }

    @inline(__always)
    private static func append(_ twoDigits: UInt32, to output: inout OutputSpan<UInt8>) {
        output.append(UInt8(ascii: "0") | UInt8(truncatingIfNeeded: twoDigits / 10))
        output.append(UInt8(ascii: "0") | UInt8(truncatingIfNeeded: twoDigits % 10))
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
