import MonitorService
import Platform

/// The monitor's server. `2cvm monitor` starts it, fills its folder with pages, and ends it.
@main
struct MonitorProgram {
    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            return print("2cvm-monitor is started by `2cvm monitor` and not by hand")
        }
        try await MonitorServer.serve(CommandLine.arguments[1]) { address in
            print(address)
            try NamedFile.flushStandardOutput()
        }
    }
}
