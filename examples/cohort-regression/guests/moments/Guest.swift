/// Sums one hospital's rows. Nothing else of them leaves this component.
enum Guest: MomentsExports {
    static func summarise() throws(Failure) -> Moments.Summary {
        try PatientTable(csv: Files.read("/data/patients.csv")).summarise()
    }
}
