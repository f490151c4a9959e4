// Other hospitals' rows, by every name that they might have.

private let elsewhere = [
    "/data/patients-b.csv", "/data/../patients-b.csv", "/patients-b", "/moments-b/data/patients.csv",
    "moments-b/data/patients.csv", "../moments-b/data/patients.csv", "/../moments-b/data/patients.csv",
    "/data/../../moments-b/data/patients.csv", "/data/patients.csv/../../../moments-b/data/patients.csv",
    "/data/./../../in/patients-b", "../../in/patients-b", "../../../../../../etc/passwd", "/etc/passwd",
    "/proc/self/environ", "/proc/self/fd/3", "/dev/stdin", "/data", "/", "..", ".", "",
    "/data/patients.csv\u{0}/../patients-b.csv", "/output/coefficients.json",
]

func lookAround() {
    attempt("see a variable in the environment") { () throws(Failure) in
        if CliEnvironment.getEnvironment().isEmpty { throw Failure("there is none") }
    }
    attempt("see a directory other than one's own") { () throws(Failure) in
        let names = FilesystemPreopens.getDirectories().map { $0.b }
        if names.allSatisfy({ $0 == "/data" }) { throw Failure("there is none") }
    }
}

func readThroughFiles(knowing own: [UInt8]) {
    for path in elsewhere {
        attempt("read '\(printable(path))'") { () throws(Failure) in
            if try Files.read(path) == own { throw Failure("this is one's own file") }
        }
    }
}

func readThroughWASI(knowing own: [UInt8]) {
    for directory in FilesystemPreopens.getDirectories() {
        for path in elsewhere where path != "." {
            attempt("open '\(printable(path))' from '\(directory.b)'") { () throws(FilesystemTypes.ErrorCode) in
                let file = try directory.a.openAt(.symlinkFollow, path: path, openFlags: [], flags: .read)
                if (try? file.read(1 << 20, offset: 0))?.a == own { throw FilesystemTypes.ErrorCode.exist }
            }
        }
    }
}

/// For the log: a byte that ends strings elsewhere is spelled out.
private func printable(_ path: String) -> String {
    path.split(separator: "\u{0}", omittingEmptySubsequences: false).joined(separator: "\\0")
}
