/// Pools the sites' moments and writes the coefficients.
enum Guest: CliRunExports {
    static func run() throws(Failed) {
        do throws(Failure) {
            let pooled = try pool()
            let fit = try Fit(pooled)
            try Files.write("/output/coefficients.json", content: Array(fit.json.utf8))
            Files.log("regression over \(pooled.rows) rows at 3 sites")
        } catch {
            Files.log("regression refused: " + error.message)
            throw Failed()
        }
    }

    private static func pool() throws(Failure) -> PooledMoments {
        var pooled = PooledMoments()
        try pooled.add(named("site-a") { () throws(Failure) in try SiteA.summarise() })
        try pooled.add(named("site-b") { () throws(Failure) in try SiteB.summarise() })
        try pooled.add(named("site-c") { () throws(Failure) in try SiteC.summarise() })
        return pooled
    }

    /// The site's answer, or its error with the site's name before it.
    private static func named(
        _ site: String, _ summarise: () throws(Failure) -> Moments.Summary
    ) throws(Failure) -> PooledMoments {
        do throws(Failure) {
            return try PooledMoments(summarise())
        } catch {
            throw Failure("\(site): \(error.message)")
        }
    }
}
