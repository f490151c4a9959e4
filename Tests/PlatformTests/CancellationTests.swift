import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@Suite("Interrupts that cancel")
struct CancellationTests {
    /// Whether the kernel's list of ignored signals has the one of a closed pipe.
    private var ignoresClosedPipes: Bool {
        get throws {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigIgn:") })
            let mask = try #require(UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16))
            return mask & 1 << (UInt64(SIGPIPE) - 1) != 0
        }
    }

    @Test("leave a closed pipe ignored where a library has it ignored for good")
    func closedPipes() throws {
        // As NIO does, once for the process: connections of other tests depend on it.
        _ = signal(SIGPIPE, SIG_IGN)
        try Cancellation().whileInterruptsCancel {}
        #expect(try ignoresClosedPipes)
    }
}
