internal import Glibc

/// Fetches small files over HTTPS with the system's `curl`, so that no TLS stack is linked.
///
/// Who answers is whoever the machine's certificate store takes: callers fetch what is signed, and verify it.
public enum HTTPSFetch {
    /// Between asking and the last byte of one answer.
    static let maximumSeconds = 60
    /// How long is waited in all, for answers such as "too many requests". `curl` waits as their Retry-After says.
    static let maximumRetrySeconds = 90
    static let maximumRetryCount = 3
    /// By then `curl` has ended by itself, or never will.
    private static let patience = Duration.seconds(maximumRetrySeconds + maximumSeconds + 5)

    /// Fetches one file.
    ///
    /// - Parameters:
    ///   - url: https, printable ASCII.
    ///   - maximumByteCount: more bytes end the transfer.
    /// - Throws: ``FetchError``.
    public static func get(_ url: String, maximumByteCount: Int) throws(FetchError) -> [UInt8] {
        try get(url, maximumByteCount: maximumByteCount, program: "curl", patience: patience)
    }

    package static func get(
        _ url: String, maximumByteCount: Int, program: String, patience: Duration
    ) throws(FetchError) -> [UInt8] {
        guard url.hasPrefix("https://"), url.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .notHTTPS }
        let tool = try Tool(program, arguments(url, maximumByteCount: maximumByteCount))
        let deadline = ContinuousClock.now + patience
        var bytes: [UInt8] = []
        while true {
            guard let piece = try tool.read(until: deadline) else {
                tool.kill()
                throw .tooSlow
            }
            if piece.isEmpty { break }
            bytes += piece
            guard bytes.count <= maximumByteCount else {
                tool.kill()
                throw .tooLarge(maximum: maximumByteCount)
            }
        }
        let status = tool.wait()
        guard status == 0 else { throw FetchError(curlStatus: status) }
        return bytes
    }

    /// Nothing is taken from `.curlrc`, no redirection is followed, and no other protocol is spoken.
    private static func arguments(_ url: String, maximumByteCount: Int) -> [String] {
        [
            "--disable", "--silent", "--fail", "--globoff", "--proto", "=https", "--max-redirs", "0", "--tlsv1.2",
            "--connect-timeout", "10", "--max-time", String(maximumSeconds),
            "--retry", String(maximumRetryCount), "--retry-max-time", String(maximumRetrySeconds),
            "--max-filesize", String(maximumByteCount), "--output", "-", "--url", url,
        ]
    }
}

/// A program that runs beside this one, of which only standard output is read.
private struct Tool: ~Copyable {
    private let identifier: pid_t
    private let output: Descriptor

    /// What a program behind a company's proxy needs, and nothing else.
    private static let environmentNames = [
        "PATH", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE",
        "SSL_CERT_DIR", "CURL_CA_BUNDLE",
    ]

    /// - Parameter program: a path, or a name that is looked for in `PATH`.
    init(_ program: String, _ arguments: [String]) throws(FetchError) {
        let pipe: Pipe
        do throws(PlatformError) {
            pipe = try Pipe(blocking: true)
        } catch {
            throw .system(error)
        }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipe.writer.number, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)

        let environment = Self.environmentNames.compactMap { name -> String? in
            guard let value = unsafe getenv(name) else { return nil }
            return unsafe "\(name)=\(String(cString: value))"
        }
        var identifier: pid_t = 0
        let error = unsafe withCStrings([program] + arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe posix_spawnp(&identifier, program, &actions, nil, arguments, environment)
            }
        }
        if error == ENOENT { throw .noCurl }
        guard error == 0 else { throw .system(.system(action: "start \(program)", error: ErrorNumber(error))) }
        self.identifier = identifier
        output = pipe.reader
    }

    /// The next piece; empty at the end, `nil` when `deadline` passed first.
    func read(until deadline: ContinuousClock.Instant) throws(FetchError) -> [UInt8]? {
        let remaining = ContinuousClock.now.duration(to: deadline).components
        var request = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
        let milliseconds = max(0, remaining.seconds * 1000 + remaining.attoseconds / 1_000_000_000_000_000)
        let count = unsafe poll(&request, 1, Int32(clamping: milliseconds))
        if count < 0, errno == EINTR { return try read(until: deadline) }
        guard count > 0 else { return nil }
        do throws(PlatformError) {
            return try output.readAvailable(upTo: 16_384)
        } catch {
            throw .system(error)
        }
    }

    /// Ends the program, and collects it.
    func kill() {
        _ = Glibc.kill(identifier, SIGKILL)
        _ = wait()
    }

    /// Its exit status; 255 when a signal ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0 {
            guard errno == EINTR else { return 255 }
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 255
    }
}

/// Lends an array of C strings that ends with a null pointer.
package func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var copies = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe copies.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("the array has at least its end") }
        return unsafe body(start)
    }
}
