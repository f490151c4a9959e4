package import ArgumentParser

/// What a participant does in a session and after it, in the order of `--help`.
package var sessionCommands: [any ParsableCommand.Type] {
    [
        Attest.self, Lock.self, Submit.self, Ask.self, ReviewCommand.self, Approve.self, Refuse.self, Status.self,
        MonitorCommand.self, Fetch.self, Withdraw.self, Seal.self, Open.self, ReceiptCommand.self,
    ]
}
