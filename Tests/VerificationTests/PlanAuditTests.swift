import Commitments
import Keys
import Lifecycle
import Plans
import Primitives
import TestSupport
import Testing
import Verification

@Suite("An audit of a plan")
struct PlanAuditTests {
    private func name(_ text: String) throws -> Name { try PlanScene.name(text) }

    @Test("finds nothing against what three honest machines left, and nothing missing")
    func honest() throws {
        let audit = try PlanScene().audit()
        #expect(audit.holds && audit.faults.isEmpty && audit.gaps.isEmpty && audit.differences.isEmpty)
        #expect(audit.sessionsWithReceipt == 3)
        #expect(audit.parts.compactMap(\.name?.description) == ["site-a", "site-b", "pool"])
    }

    @Test("names a flow whose two ends commit to different content")
    func flow() throws {
        var scene = try PlanScene()
        scene.machines[2].slots[1].content = "moments of somebody"
        let expected = PlanAudit.Fault.flowDiffers(
            try scene.flow(from: "site-a"), sender: try scene.told(0), receiver: try scene.told(2))
        #expect(try scene.audit().faults == [.delivery(.slotDiffers, of: try scene.told(0), number: 1), expected])
        #expect(expected.message.contains("moments-a"))
    }

    @Test("names a slot that a machine of another session filled")
    func otherSender() throws {
        var scene = try PlanScene()
        scene.machines[2].slots[1] = ("moments-a", "moments of site-b", try scene.id(scene.machines[1]))
        let faults = try scene.audit().faults
        #expect(faults == [.senderDiffers(try scene.flow(from: "site-a"), by: try scene.told(1))])
    }

    @Test("names results that rest on a run that released nothing")
    func failedSender() throws {
        var scene = try PlanScene()
        scene.machines[0].released = false
        let (sender, receiver) = (try scene.told(0), try scene.told(2))
        #expect(
            try scene.audit().faults == [
                .flowWithoutOutput(try scene.flow(from: "site-a"), sender: sender, receiver: receiver)
            ])
        scene.machines[2].released = false
        #expect(try scene.audit().holds, "a receiver that got nothing releases nothing")
    }

    @Test("says whose receipt is missing, of a session, of a sender and of a receiver")
    func missing() throws {
        let scene = try PlanScene()
        var without = scene
        without.machines.remove(at: 1)
        let audit = try without.audit()
        #expect(audit.holds)
        let sender = try scene.id(scene.machines[1])
        #expect(
            audit.gaps == [
                .noReceipt(try name("site-b")),
                .senderUnknown(try scene.flow(from: "site-b"), sender, receiver: try scene.told(2)),
            ])
        without = scene
        without.machines.remove(at: 2)
        let receiver = try scene.id(scene.machines[2])
        #expect(
            try without.audit().gaps == [
                .receiverUnknown(try scene.flow(from: "site-a"), receiver, sender: try scene.told(0)),
                .receiverUnknown(try scene.flow(from: "site-b"), receiver, sender: try scene.told(1)),
                .noReceipt(try name("pool")),
            ])
        #expect(PlanAudit(of: scene.plan, []).gaps.count == 3)
    }

    @Test("names a second receipt of one machine, and one machine in two sessions")
    func machines() throws {
        var scene = try PlanScene()
        var copy = scene.machines[2]
        scene.machines.append(copy)
        #expect(try scene.audit().parts.count == 3, "the same receipt from two people is one")
        copy.outputs[0].content = "other coefficients"
        scene.machines[3] = copy
        #expect(try scene.audit().faults == [.receiptsDiffer(try scene.told(2))])

        scene = try PlanScene()
        let site = scene.machines[1]
        scene.machines[1] = PlanScene.Machine(
            session: site.session, party: scene.machines[0].party, slots: site.slots, outputs: site.outputs,
            deliveries: nil)
        let faults = try scene.audit().faults
        #expect(faults.contains(.machineRepeated(try scene.told(0), try scene.told(1))))
    }

    @Test("takes what lies beside a receipt from whoever kept it")
    func copies() throws {
        var scene = try PlanScene()
        var copy = scene.machines[0]
        scene.machines[0].deliveries = nil
        #expect(try scene.audit().gaps == [.noDeliveries(try scene.told(0))])
        copy.deliveries = try PlanScene().machines[0].deliveries
        scene.machines.append(copy)
        #expect(try scene.audit().gaps.isEmpty)
    }
}

@Suite("Attempts in an audit of a plan")
struct PlanAuditAttemptTests {
    /// With a second machine of site-a, which nobody took anything from.
    private func twice(_ change: (inout PlanScene.Machine) -> Void = { _ in }) throws -> PlanScene {
        var scene = try PlanScene()
        var second = PlanScene.site("site-a", Party("zwei", 21))
        change(&second)
        scene.machines.append(second)
        if second.released { scene.machines[3].deliveries = [try scene.delivery(from: 3, to: 2)] }
        return scene
    }

    @Test("may be as many as the plan says, and no more")
    func count() throws {
        var scene = try twice()
        #expect(try scene.audit().faults.isEmpty && scene.audit().parts.count == 4)
        var third = scene.machines[3]
        third = PlanScene.Machine(
            session: third.session, party: Party("drei", 22), slots: third.slots, outputs: third.outputs)
        scene.machines.append(third)
        #expect(
            try scene.audit().faults == [.machinesTooMany(try PlanScene.name("site-a"), found: 3, attempts: 2)])
    }

    @Test("are given the same by each participant")
    func content() throws {
        let scene = try twice { $0.slots[1].content = "other rows" }
        #expect(
            try scene.audit().faults == [
                .contentDiffers(try PlanScene.name("patients"), try scene.told(0), try scene.told(3))
            ])
    }

    @Test("are told apart where one released its results and the other did not")
    func ending() throws {
        let scene = try twice { $0.released = false }
        let audit = try scene.audit()
        #expect(audit.holds)
        #expect(audit.differences == [.endings(released: try scene.told(0), failed: try scene.told(3))])
    }

    @Test("are compared by their files, where each committed under a salt of its own")
    func outputs() throws {
        var scene = try twice { $0.outputs[0].content = "moments under another salt" }
        scene.machines[3].deliveries = []
        let output = try PlanScene.name("moments")
        var audit = try scene.audit()
        #expect(audit.holds && audit.differences == [.outputUnknown(output, try scene.told(0), try scene.told(3))])
        scene.machines[0].contents = ["moments": "1, 2"]
        scene.machines[3].contents = ["moments": "1, 2"]
        audit = try scene.audit()
        #expect(audit.holds && audit.differences.isEmpty)
        scene.machines[3].contents = ["moments": "1, 3"]
        #expect(try scene.audit().faults == [.outputDiffers(output, try scene.told(0), try scene.told(3))])
    }

    @Test("feed a session that took from either of them")
    func superseded() throws {
        var scene = try twice()
        scene.machines[2].slots[1].sender = try scene.id(scene.machines[3])
        #expect(try scene.audit().faults.isEmpty && scene.audit().gaps.isEmpty)
        scene.machines[3].deliveries = []
        #expect(try scene.audit().gaps == [.deliveriesMissing(try scene.told(3), count: 1)])
    }
}

@Suite("Deliveries in an audit of a plan")
struct PlanAuditDeliveryTests {
    private func faults(_ make: (PlanScene) throws -> [Envelope]) throws -> [PlanAudit.Fault] {
        var scene = try PlanScene()
        scene.machines[0].deliveries = try make(scene)
        return try scene.audit().faults
    }

    private func fault(_ fault: PlanAudit.DeliveryFault, number: Int = 1) throws -> PlanAudit.Fault {
        .delivery(fault, of: try PlanScene().told(0), number: number)
    }

    @Test("are refused from another signer, and in another form")
    func refused() throws {
        let forged = try faults { [try $0.delivery(from: 0, to: 2, signedBy: Party("host", 30))] }
        guard case .delivery(.refused, _, 1)? = forged.first else {
            Issue.record("\(forged)")
            return
        }
        let loose = try faults { scene in
            [
                Envelope(
                    signing: Array("{}".utf8), as: Delivery.payloadType, by: scene.machines[0].party.signing)
            ]
        }
        guard case .delivery(.refused, _, 1)? = loose.first else {
            Issue.record("\(loose)")
            return
        }
    }

    @Test("are foreign from another plan, another machine, another sender, and of no flow")
    func foreign() throws {
        let expected = [try fault(.foreign)]
        #expect(try faults { [try $0.delivery(from: 0, to: 2, plan: PlanScene.digest("another"))] } == expected)
        #expect(try faults { [try $0.delivery(from: 0, to: 2, session: PlanScene.digest("another"))] } == expected)
        #expect(try faults { [try $0.delivery(from: 0, to: 2, flow: $0.flow(from: "site-b"))] } == expected)
        let flow = try PlanScene().flow(from: "site-a")
        let none = Flow(from: flow.from, output: flow.output, to: flow.to, data: try PlanScene.name("moments-b"))
        #expect(try faults { [try $0.delivery(from: 0, to: 2, flow: none)] } == expected)
    }

    @Test("are foreign from a session that sends to nobody")
    func nobody() throws {
        var scene = try PlanScene()
        scene.machines[2].deliveries = scene.machines[0].deliveries
        #expect(try scene.audit().faults == [.delivery(.foreign, of: try scene.told(2), number: 1)])
    }

    @Test("are what the sender's receipt commits to, of the size that the plan says")
    func commitment() throws {
        #expect(
            try faults { [try $0.delivery(from: 0, to: 2, commitment: "others")] } == [try fault(.outputDiffers)])
        #expect(
            try faults { [try $0.delivery(from: 0, to: 2, byteCount: 840)] }
                == [try fault(.sizeDiffers(expected: 841, found: 840))])
    }

    @Test("go to a machine of the session that the flow leads to")
    func receiver() throws {
        #expect(try faults { [try $0.delivery(from: 0, to: 1)] } == [try fault(.receiverDiffers)])
    }

    @Test("are counted from 1, each once, and each machine gets each output once")
    func counts() throws {
        let twice = try faults { scene in
            [try scene.delivery(from: 0, to: 2), try scene.delivery(from: 0, to: 2, count: 2)]
        }
        #expect(twice == [try fault(.repeated, number: 2)])
        var scene = try PlanScene()
        scene.machines.append(PlanScene.pool(Party("vier", 14), fedBy: try scene.machines.prefix(2).map(scene.id)))
        scene.machines[0].deliveries = [try scene.delivery(from: 0, to: 2), try scene.delivery(from: 0, to: 3)]
        #expect(try scene.audit().faults == [.delivery(.countRepeated, of: try scene.told(0), number: 1)])
        scene.machines[0].deliveries = [try scene.delivery(from: 0, to: 2, count: 3)]
        #expect(try scene.audit().gaps.contains(.deliveriesMissing(try scene.told(0), count: 2)))
    }

    @Test("go to no more machines than the plan allows, also to those whose receipt nobody has")
    func attempts() throws {
        var scene = try PlanScene(attempts: 1)
        let senders = try scene.machines.prefix(2).map(scene.id)
        var larger = scene
        larger.machines.append(PlanScene.pool(Party("vier", 14), fedBy: senders))
        scene.machines[0].deliveries = [
            try scene.delivery(from: 0, to: 2), try larger.delivery(from: 0, to: 3, count: 2),
        ]
        let audit = try scene.audit()
        #expect(
            audit.faults == [
                .deliveriesTooMany(try scene.told(0), to: try PlanScene.name("pool"), found: 2, attempts: 1)
            ])
        #expect(audit.gaps.count == 1)
    }
}
