/// What this release is, and the forms that it reads and writes.
package enum Version {
    package static let product = "0.1.0"
    /// The engine of the worker that belongs to it, as receipts name it.
    static let engine = "wasmtime 50.0.1"
    /// Versions of the documented forms. One that is read is read for ever; a new form gets a new number.
    static let formats = [("manifest", 1), ("evidence", 1), ("sealed", 1), ("receipt", 1), ("image", 1), ("policy", 2)]

    /// What `--version` prints.
    package static var text: String {
        (["2cvm \(product)", engine] + formats.map { "\($0.0) \($0.1)" }).joined(separator: "\n")
    }
}
