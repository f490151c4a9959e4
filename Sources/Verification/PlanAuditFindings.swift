public import Commitments
public import Primitives

extension PlanAudit {
    /// What contradicts the plan, or something else that was shown.
    public enum Fault: Equatable, Sendable {
        /// Two receipts by one machine.
        case receiptsDiffer(Machine)
        /// One machine's keys in two sessions.
        case machineRepeated(Machine, Machine)
        case machinesTooMany(Name, found: Int, attempts: Int)
        /// A slot that a flow leads to was filled by a machine of another session.
        case senderDiffers(Flow, by: Machine)
        /// What was taken is not what was sent.
        case flowDiffers(Flow, sender: Machine, receiver: Machine)
        /// Results were released that rest on a run that released none.
        case flowWithoutOutput(Flow, sender: Machine, receiver: Machine)
        /// Two machines of one session were given different content by a participant, or by one machine.
        case contentDiffers(Name, Machine, Machine)
        /// Two machines of one session made different results of the same.
        case outputDiffers(Name, Machine, Machine)
        case delivery(DeliveryFault, of: Machine, number: Int)
        case deliveriesTooMany(Machine, to: Name, found: Int, attempts: Int)
    }

    /// What is wrong with a delivery.
    public enum DeliveryFault: Equatable, Sendable {
        /// It cannot be read, or the machine did not sign it.
        case refused(String)
        /// Of another plan, another machine, or of no flow.
        case foreign
        /// Its count stands at another one too.
        case countRepeated
        /// The machine sent the same to the same machine twice.
        case repeated
        /// Not what the sender's receipt commits to.
        case outputDiffers
        case sizeDiffers(expected: Int, found: Int)
        /// Not what the receiver's receipt says that it took from this sender.
        case slotDiffers
        /// The receiver is a machine of another session.
        case receiverDiffers
    }

    /// What was not shown, though something here speaks of it.
    public enum Gap: Equatable, Sendable {
        case noReceipt(Name)
        /// A slot was filled by a machine whose receipt is not here.
        case senderUnknown(Flow, SHA256Digest, receiver: Machine)
        /// An output went to a machine whose receipt is not here.
        case receiverUnknown(Flow, SHA256Digest, sender: Machine)
        /// Nobody kept what the machine says that it sent.
        case noDeliveries(Machine)
        /// The machine counted more deliveries than there are here, or sent what none of them says.
        case deliveriesMissing(Machine, count: Int)
    }

    /// What two machines of one session did differently.
    public enum Difference: Equatable, Sendable {
        /// One released its results, and one did not: it may have run out of time.
        case endings(released: Machine, failed: Machine)
        /// Each commits under a salt of its own, and not both files are here.
        case outputUnknown(Name, Machine, Machine)
    }
}

extension PlanAudit.Fault: ExplainedError {
    public var code: String {
        switch self {
        case .receiptsDiffer: "audit.receipt"
        case .machineRepeated: "audit.machine"
        case .machinesTooMany: "audit.attempts"
        case .senderDiffers: "audit.sender"
        case .flowDiffers: "audit.flow"
        case .flowWithoutOutput: "audit.flow.failed"
        case .contentDiffers: "audit.attempt.content"
        case .outputDiffers: "audit.attempt.output"
        case .delivery: "audit.delivery"
        case .deliveriesTooMany: "audit.delivery.count"
        }
    }

    public var message: String {
        switch self {
        case .receiptsDiffer(let machine): "two different receipts are signed by one machine, \(machine)"
        case .machineRepeated(let first, let second): "\(first) and \(second) are one machine in two sessions"
        case .machinesTooMany(let session, let found, let attempts):
            "\(found) machines have a receipt of \(session), and the plan allows \(attempts)"
        case .senderDiffers(let flow, let machine):
            "\(flow.data) of \(flow.to) was filled by \(machine), and the plan says by \(flow.from)"
        case .flowDiffers(let flow, let sender, let receiver):
            "\(receiver) took as \(flow.data) something else than \(sender) sent as \(flow.output)"
        case .flowWithoutOutput(let flow, let sender, let receiver):
            "\(receiver) released results that rest on \(flow.data), and \(sender) released nothing"
        case .contentDiffers(let slot, let first, let second):
            "\(first) and \(second) took different content as \(slot)"
        case .outputDiffers(let output, let first, let second): "\(first) and \(second) released different \(output)"
        case .delivery(let fault, let machine, let number): "delivery \(number) of \(machine) \(fault.words)"
        case .deliveriesTooMany(let machine, let receiver, let found, let attempts):
            "\(machine) sent to \(found) machines of \(receiver), and the plan allows \(attempts)"
        }
    }
}

extension PlanAudit.DeliveryFault {
    var words: String {
        switch self {
        case .refused(let message): "is not believed: \(message)"
        case .foreign: "is of no flow of this plan that begins there"
        case .countRepeated: "has the number of another one"
        case .repeated: "says again what another one says"
        case .outputDiffers: "is not what that machine's receipt says it released"
        case .sizeDiffers(let expected, let found): "has \(found) bytes, and the plan says \(expected)"
        case .slotDiffers: "is not what the receipt of its receiver says it took"
        case .receiverDiffers: "names a machine that is of another session by its own receipt"
        }
    }
}

extension PlanAudit.Gap {
    /// Stable, for programs.
    public var code: String {
        switch self {
        case .noReceipt: "missing.receipt"
        case .senderUnknown: "missing.sender"
        case .receiverUnknown: "missing.receiver"
        case .noDeliveries: "missing.deliveries"
        case .deliveriesMissing: "missing.delivery"
        }
    }

    public var message: String {
        switch self {
        case .noReceipt(let session): "no receipt of \(session) is here"
        case .senderUnknown(let flow, let id, let receiver):
            "\(receiver) took \(flow.data) from the machine \(id.words(3)), whose receipt is not here"
        case .receiverUnknown(let flow, let id, let sender):
            "\(sender) sent \(flow.output) to the machine \(id.words(3)) of \(flow.to), whose receipt is not here"
        case .noDeliveries(let machine): "what \(machine) says that it sent is not here"
        case .deliveriesMissing(let machine, let count): "at least \(count) deliveries of \(machine) are not here"
        }
    }
}

extension PlanAudit.Difference {
    /// Stable, for programs.
    public var code: String {
        switch self {
        case .endings: "attempts.outcome"
        case .outputUnknown: "attempts.output"
        }
    }

    public var message: String {
        switch self {
        case .endings(let released, let failed): "\(released) released its results, and \(failed) did not"
        case .outputUnknown(let output, let first, let second):
            "whether \(output) of \(first) and of \(second) is the same cannot be said without both files"
        }
    }
}
