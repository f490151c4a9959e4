/// Answers for a site whose rows lie on several machines: pools what each of them wrote.
enum Guest: MomentsExports {
    static func summarise() throws(Failure) -> Moments.Summary {
        let names = try Files.list("/data")
        guard !names.isEmpty else { throw Failure("no moments were sent") }
        var pooled = PooledMoments()
        for name in names {
            do throws(Failure) {
                pooled.add(try PooledMoments(summary(of: Files.read("/data/" + name))))
            } catch {
                throw Failure("\(name): \(error.message)")
            }
        }
        return Moments.Summary(
            rows: UInt32(pooled.rows), means: pooled.means, products: pooled.products.entries)
    }

    /// As `moments-writer` wrote it. Whether it makes sense is asked next.
    private static func summary(of text: [UInt8]) throws(Failure) -> Moments.Summary {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let entries = Columns.count * (Columns.count + 1) / 2
        guard lines.count == 1 + Columns.count + entries + 1, lines[lines.count - 1].isEmpty,
            let rows = UInt32(String(decoding: lines[0], as: UTF8.self))
        else { throw Failure("these are not the moments of \(Columns.count) columns") }
        var numbers: [Double] = []
        for line in lines.dropFirst().dropLast() {
            guard let number = Double(String(decoding: line, as: UTF8.self)) else {
                throw Failure("line \(numbers.count + 2) is not a number")
            }
            numbers.append(number)
        }
        return Moments.Summary(
            rows: rows, means: Array(numbers[..<Columns.count]), products: Array(numbers[Columns.count...]))
    }
}
