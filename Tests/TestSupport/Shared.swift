public import Foundation

/// Recorded data that lies beside the repository and is not part of it.
public enum SharedFolder {
    /// `../shared` beside the repository's root, or `nil` (and a line that says so) without it.
    public static func url(_ path: String, file: StaticString = #filePath) -> URL? {
        let root = Repository.root
        let folder = root.deletingLastPathComponent().appending(path: "shared/\(path)")
        guard FileManager.default.fileExists(atPath: folder.path) else {
            print("skipped: ../shared/\(path) is absent")
            return nil
        }
        return folder
    }
}

/// Where this checkout lies.
public enum Repository {
    public static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
