package import ArgumentParser
package import Workbench

extension ExitStatus {
    package var code: ExitCode { ExitCode(rawValue) }
}

extension Assignment: ExpressibleByArgument {}
extension StandInArgument: ExpressibleByArgument {}
