import Foundation

/// A folder that somebody handed to the auditor.
public struct CaseFile {
    private let folder: URL

    /// Opens nothing yet.
    public init(folder: String) {
        self.folder = URL(fileURLWithPath: folder)
    }

    /// The bytes of one of its files.
    public func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }
}
