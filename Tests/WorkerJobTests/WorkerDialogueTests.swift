import TestSupport
import Testing
import WorkerJob

/// A worker's status bytes, as its parent takes them: all of them are a hostile process's.
@Suite("A worker's dialogue")
struct WorkerDialogueTests {
    private static let walled: UInt8 = 0x01
    private static let compiled: UInt8 = 0x02

    private static func end(_ verdict: Verdict) -> UInt8 { WorkerSignal.finished(verdict).byte }

    /// What each byte decided, until one was no worker's of ours. `nil` in the bytes is the permission to go on.
    private func replies(
        to bytes: [UInt8?], takesMemories: Bool = false
    ) -> (replies: [WorkerDialogue.Reply], dialogue: WorkerDialogue) {
        var dialogue = WorkerDialogue(takesMemories: takesMemories)
        var replies: [WorkerDialogue.Reply] = []
        for byte in bytes {
            if let byte {
                if let reply = dialogue.read(byte) { replies.append(reply) }
            } else {
                dialogue.wentOn()
            }
        }
        return (replies, dialogue)
    }

    @Test("goes from walls to a verdict", arguments: [Verdict.completed, .declined, .trapped, .notInstantiated])
    func wholeRun(_ verdict: Verdict) {
        let (replies, dialogue) = replies(to: [Self.walled, Self.compiled, nil, Self.end(verdict)])
        #expect(replies == [.walled, .compiled, .verdict(verdict)])
        #expect(dialogue.stage == .ended && dialogue.missing.isEmpty && dialogue.memories == nil)
    }

    @Test("begins with the walls that are missing, each once")
    func missingWalls() {
        let missing = [AnnouncedWall(.systemCalls, errorCode: 38), AnnouncedWall(.fileRules, errorCode: 95)]
        let (replies, dialogue) = replies(to: missing.flatMap(\.bytes) + [Self.walled])
        #expect(replies == [.walled])
        #expect(dialogue.missing == missing)
        let twice = self.replies(to: missing[0].bytes + AnnouncedWall(.systemCalls, errorCode: 1).bytes)
        #expect(twice.replies == [.misbehaved])
        // Wall 31 is none, and after its own walls a worker has no other to tell of.
        #expect(self.replies(to: [0x40 | 31, 1]).replies == [.misbehaved])
        #expect(self.replies(to: [Self.walled] + missing[0].bytes).replies == [.walled, .misbehaved, .misbehaved])
    }

    @Test(
        "takes no step out of its order",
        arguments: [
            [compiled], [0x00], [0x03], [0xFF], [walled, walled], [walled, compiled, compiled],
            [walled, compiled, nil, walled], [walled, compiled, nil, compiled], [walled, 0x03],
        ] as [[UInt8?]])
    func outOfOrder(_ bytes: [UInt8?]) {
        let (replies, dialogue) = replies(to: bytes)
        #expect(replies.last == .misbehaved)
        #expect(dialogue.stage == .ended)
    }

    @Test("believes no verdict of a run that was not allowed to begin", arguments: Verdict.allCases)
    func earlyVerdicts(_ verdict: Verdict) {
        let beginnings: [(bytes: [UInt8?], believed: Set<Verdict>)] = [
            ([], [.wallMissing, .jobUnreadable]),
            ([Self.walled], [.jobUnreadable, .importsDiffer, .refusedByEngine, .keptCodeRefused]),
            ([Self.walled, Self.compiled], []),
        ]
        for (bytes, believed) in beginnings {
            let expected: WorkerDialogue.Reply = believed.contains(verdict) ? .verdict(verdict) : .misbehaved
            #expect(replies(to: bytes + [Self.end(verdict)]).replies.last == expected, "\(bytes.count) steps before")
        }
    }

    @Test("takes one report of memories, in a rehearsal, between the permission and the verdict")
    func memories() {
        let report = MemoryReport([.init(pageCount: 2, maximumPageCount: 3)])
        let bytes = report.bytes.map(Optional.some)
        let start: [UInt8?] = [Self.walled, Self.compiled]
        let whole = replies(to: start + [nil] + bytes + [Self.end(.completed)], takesMemories: true)
        #expect(whole.replies == [.walled, .compiled, .verdict(.completed)])
        #expect(whole.dialogue.memories == report)
        for (bytes, takesMemories) in [
            (start + [nil] + bytes, false), (start + bytes, true), (start + [nil] + bytes + bytes, true),
            (start + [nil, 0x03, 0xFF, 0xFF], true), (start + [nil, 0x03, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1], true),
        ] {
            #expect(replies(to: bytes, takesMemories: takesMemories).replies.contains(.misbehaved))
        }
    }

    @Test("says nothing more after its end")
    func afterEnd() {
        let (replies, _) = replies(to: [Self.end(.wallMissing), Self.walled, Self.end(.completed)])
        #expect(replies == [.verdict(.wallMissing), .misbehaved, .misbehaved])
    }

    @Test("bears any bytes, and decides no more than it was sent")
    func anyBytes() {
        var numbers = SeededNumbers(seed: 7)
        for _ in 0..<2000 {
            let bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            let (replies, dialogue) = replies(to: bytes, takesMemories: true)
            #expect(replies.count <= bytes.count && dialogue.missing.count <= Wall.allCases.count)
            #expect(!replies.contains(.verdict(.completed)))
        }
    }
}
