public import Commitments
public import Primitives

/// A component called exit that is not the one that runs.
public struct RefusedExit: Error, Equatable, Sendable {
    public let component: Name
}

extension RefusedExit: ExplainedError {
    public var code: String { "run.exit" }
    public var message: String { "\(component) called exit" }
    public var hint: String? { "only the component that runs may end the run; let this one return an error instead" }
}

extension ComposedBinary {
    /// Which component trapped because it called exit and does not run, by the engine's words.
    ///
    /// - Parameter message: The engine's own, with the calls that led to the trap, the innermost first.
    public func refusedExit(explaining message: String) -> RefusedExit? {
        let calls = message.split(separator: "\n").compactMap { line -> Attribution.Subject? in
            let words = line.split(separator: " ").prefix(2)
            guard words.count == 2, words[0].hasSuffix(":"), words[0].dropLast().allSatisfy(\.isNumber),
                words[1].hasPrefix("0x"), let offset = Int(words[1].dropFirst(2), radix: 16)
            else { return nil }
            return subject(at: offset)
        }
        guard calls.first == .refusedExit else { return nil }
        return calls.lazy.compactMap { call -> RefusedExit? in
            guard case .shim(let name) = call else { return nil }
            return RefusedExit(component: name)
        }.first
    }
}
