/// Writes what its site answers to a file, for another machine to pool.
enum Guest: CliRunExports {
    static func run() throws(Failed) {
        do throws(Failure) {
            let moments = try PooledMoments(Site.summarise())
            try Files.write("/output/moments.txt", content: Array(moments.text.utf8))
        } catch {
            Files.log("refused: " + error.message)
            throw Failed()
        }
    }
}

extension PooledMoments {
    /// A number a line: rows, means, products. With as many digits as tell each number from its neighbours.
    fileprivate var text: String {
        "\(rows)\n" + (means + products.entries).map { "\($0)\n" }.joined()
    }
}
