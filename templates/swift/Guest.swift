// Adds up the column `amount` of /data/rows.csv: /output/result.csv has how many rows, and their sum.
enum Guest: CliRunExports {
    static func run() throws(Failed) {
        do throws(Failure) {
            try sums()
        } catch {
            Files.log(error.message)
            throw Failed()
        }
    }

    private static func sums() throws(Failure) {
        var (rows, total) = (0, 0)
        for line in try Files.read("/data/rows.csv").split(separator: UInt8(ascii: "\n")).dropFirst() {
            let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            guard cells.count == 2 else { throw Failure("rows.csv: a row has not two cells") }
            guard let amount = Int(String(decoding: cells[1], as: UTF8.self)) else {
                throw Failure("rows.csv: an amount is not a number")
            }
            rows += 1
            total += amount
        }
        try Files.write("/output/result.csv", content: Array("rows,total\n\(rows),\(total)\n".utf8))
    }
}
