package import Pages
internal import Platform
internal import Primitives
internal import Synchronization

/// The folder that the monitor's server shows: its owner's alone, and gone with this process.
package final class MonitorShelf: Sendable {
    private struct State: ~Copyable {
        /// None once it is closed.
        var folder: TemporaryFolder?
        /// What lies there.
        var digests: [String: SHA256Digest] = [:]
    }

    package let path: String
    private let state: Mutex<State>

    /// Makes an empty one.
    package init() throws(CommandFailure) {
        do throws(PlatformError) {
            let folder = try TemporaryFolder()
            path = folder.path
            state = Mutex(State(folder: folder))
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What opens it in a browser.
    package var openingFile: String { path + "/open.html" }

    /// Puts the pages there, and takes those away that there are no more. Nothing once it is closed.
    package func put(_ pages: MonitorPages) throws(CommandFailure) {
        let files = pages.pages.map { (name: $0.name, content: $0.page.encoded) }
        do throws(PlatformError) {
            try state.withLock { state throws(PlatformError) in
                guard state.folder != nil else { return }
                var kept: [String: SHA256Digest] = [:]
                for (name, content) in files {
                    let digest = SHA256Digest(sha256: content)
                    if state.digests[name] != digest {
                        try NamedFile.replace("\(path)/\(name).html", content, mode: 0o600)
                    }
                    kept[name] = digest
                }
                for name in state.digests.keys where kept[name] == nil {
                    try NamedFile.remove("\(path)/\(name).html")
                }
                state.digests = kept
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Removes the folder with everything in it.
    package func close() {
        state.withLock { $0.folder = nil }
    }
}
