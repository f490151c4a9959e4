package import ArgumentParser
package import Client
package import Commitments
package import Evidence
import FoundationEssentials
package import Primitives
package import Workbench

// Reports, certificates and lists are signed, so it does not matter who carried the files.

/// 64 hexadecimal digits.
package func digestArgument(_ text: String) throws(ValidationError) -> SHA256Digest {
    // With and without what agents print before it.
    guard let digest = SHA256Digest(prefixed: text) ?? SHA256Digest(hex: text) else {
        throw ValidationError(
            "expected 64 lowercase hexadecimal digits, perhaps after sha256:, found \(text.utf8.count) characters")
    }
    return digest
}

/// A date, or a date and a time in UTC.
package func timeArgument(_ text: String) throws(ValidationError) -> Timestamp {
    guard let time = Timestamp(text) else {
        throw ValidationError("expected a date such as 2026-09-01, or a time such as 2026-09-01T12:00:00Z")
    }
    return time
}

/// What the machine's clock says.
package func currentTime() throws(CommandFailure) -> Timestamp {
    guard let now = Timestamp(unixSeconds: Int64(Date.now.timeIntervalSince1970)) else {
        throw CommandFailure(CommandError.noClock)
    }
    return now
}

/// Where an agent listens.
private func agentAddress(_ text: String) throws -> AgentAddress {
    do {
        return try AgentAddress(text)
    } catch {
        throw ValidationError(error.message + (error.hint.map { "; " + $0 } ?? ""))
    }
}

/// Where the agent listens.
package struct AgentArgument: ParsableArguments {
    @Argument(
        help: "The agent's address: http://HOST:PORT. Without one: TWOCVM_AGENT, or your settings.",
        transform: agentAddress)
    package var given: AgentAddress?

    package init() {}

    package var url: AgentAddress {
        get throws(CommandFailure) {
            let address = try Setting.agent.value(given, as: "an agent's address, http://HOST:PORT") {
                try? AgentAddress($0)
            }
            return try Setting.agent.required(address)
        }
    }
}

/// A participant's name as an argument.
package struct NameArgument: ExpressibleByArgument {
    package let name: Name

    package init?(argument: String) {
        guard let name = Name(argument) else { return nil }
        self.name = name
    }
}
