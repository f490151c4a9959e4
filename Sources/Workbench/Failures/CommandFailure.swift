package import Primitives

/// What a command throws: an error that says how to end, and the file at fault.
package struct CommandFailure: Error {
    package let error: any CommandFault
    package let place: String?
    /// What the error sums up, told before it.
    package let findings: Findings?

    /// A verdict with its reasons, for people and for machines.
    package struct Findings {
        package let text: String
        package let json: JSONValue
    }

    package init(_ error: any CommandFault, in place: String? = nil, findings: Findings? = nil) {
        self.error = error
        self.place = place
        self.findings = findings
    }

    package var status: ExitStatus { error.status }
}

/// Runs a step, and words its error as a command's.
package func completed<Value>(_ step: () async throws -> Value) async throws -> Value {
    do {
        return try await step()
    } catch let error as any CommandFault {
        throw CommandFailure(error)
    }
}
