import AgentAPI
import AgentService
import Lifecycle
import Primitives
import Testing

@Suite("The agent's errors")
struct AgentErrorTests {
    @Test("are one clause in lowercase, with a code of its own form", arguments: AgentError.allCases)
    func form(_ error: AgentError) {
        #expect(error.message.first?.isLowercase == true)
        #expect(!error.message.contains(".") && !error.message.contains(";"))
        #expect(error.code.split(separator: ".").count >= 2)
        #expect(error.code.allSatisfy { $0.isLowercase || $0 == "." })
    }

    @Test("are told apart by their words")
    func distinct() {
        #expect(Set(AgentError.allCases.map(\.message)).count == AgentError.allCases.count)
    }

    @Test("name each end by the code and the words that a client has for it", arguments: Session.EndReason.allCases)
    func ends(_ reason: Session.EndReason) {
        let told = AgentError.allCases.filter { $0.code == reason.code }
        #expect(told.map(\.message) == [reason.message])
        #expect(told.map(\.hint) == [reason.hint])
    }
}
