// The rows into some output, or into any place where somebody finds them later.

private let places = [
    "/output/coefficients.json", "/output/rows.csv", "/data/rows.csv", "/data/patients.csv", "/tmp/rows.csv",
    "../output/coefficients.json", "/data/../output/coefficients.json", "../../out/coefficients.json",
    "/regression/output/coefficients.json", "rows.csv", "/rows.csv",
]

func writeThroughFiles(_ rows: [UInt8]) {
    for path in places {
        attempt("write the rows to '\(path)'") { () throws(Failure) in try Files.write(path, content: rows) }
    }
}

func writeThroughWASI(_ rows: [UInt8]) {
    for directory in FilesystemPreopens.getDirectories() {
        let name = directory.b
        for path in places + ["patients.csv"] {
            attempt("create '\(path)' in '\(name)'") { () throws(FilesystemTypes.ErrorCode) in
                let file = try directory.a.openAt([], path: path, openFlags: .create, flags: [.read, .write])
                _ = try file.write(rows, offset: 0)
            }
        }
        change("the rows, through a descriptor for reading, in '\(name)'") { () throws(FilesystemTypes.ErrorCode) in
            let file = try directory.a.openAt([], path: "patients.csv", openFlags: [], flags: .read)
            _ = try file.write(rows, offset: 0)
        }
        change("'\(name)', by a directory in it") { () throws(FilesystemTypes.ErrorCode) in
            try directory.a.createDirectoryAt("rows")
        }
        change("'\(name)', by a symbolic link out of it") { () throws(FilesystemTypes.ErrorCode) in
            try directory.a.symlinkAt("/", newPath: "root")
        }
        for path in ["rows.csv", "../rows.csv"] {
            change("'\(name)', by another name for the rows, '\(path)'") { () throws(FilesystemTypes.ErrorCode) in
                try directory.a.linkAt([], oldPath: "patients.csv", newDescriptor: directory.a, newPath: path)
            }
            change("'\(name)', by moving the rows to '\(path)'") { () throws(FilesystemTypes.ErrorCode) in
                try directory.a.renameAt("patients.csv", newDescriptor: directory.a, newPath: path)
            }
        }
    }
}

private func change(_ what: String, _ work: () throws(FilesystemTypes.ErrorCode) -> Void) {
    attempt("change \(what)", work)
}

/// Printing is no attempt that can fail. Whether anybody sees it is for the demonstration to say.
func printRows(_ rows: [UInt8]) {
    let stdout = CliStdout.getStdout()
    var rest = rows[...]
    while !rest.isEmpty {
        do throws(IoStreams.StreamError) {
            try stdout.blockingWriteAndFlush(Array(rest.prefix(4096)))
        } catch {
            return Files.log("failed: print the rows: the stream is closed")
        }
        rest = rest.dropFirst(4096)
    }
    Files.log("printed the rows")
}
