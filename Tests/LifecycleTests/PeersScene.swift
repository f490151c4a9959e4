import Commitments
import Keys
import Lifecycle
import Plans
import Primitives
import TestSupport
import Testing

/// The sessions of a plan, each on as many machines as it may be tried on, and a host between them that moves what it
/// likes in the order that it likes. No sockets and no evidence: who is affirmed is the host's to choose, among those
/// whose evidence would hold.
struct PeersScene {
    /// One machine of a session.
    struct Machine {
        let name: String
        let keys: SessionPublicKeys
        let agreed: AgreedManifest
        var session: Session
        /// What it was told to hand over, by the receiver's session id.
        var handedOver: [SHA256Digest: Bool] = [:]
        /// How often it was told to begin a run, and to skip one.
        var executions = 0
        var skips: [Name] = []
        var hasForgotten = false
        /// Whether its run released its results, once it has ended.
        var hasReleased: Bool?
    }

    let plan: FullySignedPlan
    var machines: [Machine]

    static let content = SHA256Digest(sha256: [42])

    /// - Parameter example: some plan, whose every session gets as many machines as it has attempts.
    init(_ example: PlanExample = PlanExample()) throws {
        plan = try example.signed().complete()
        machines = []
        for entry in plan.plan.sessions {
            let bytes = try #require(example.documents[entry.name])
            let agreed = try plan.agreed(entry.name, bytes)
            for attempt in 0..<entry.attempts {
                let keys = Party("machine", UInt8(10 + machines.count)).publicKeys
                var session = Session(identity: keys, boundTo: agreed.manifest.bound)
                _ = try session.lock(agreed, fitsMachine: true)
                let evidence = try #require(
                    LockEvidence(bundle: [1], reportDigest: FixedBytes(repeating: UInt8(attempt))))
                _ = try session.locked(with: evidence, at: 0)
                machines.append(
                    Machine(name: entry.name.description, keys: keys, agreed: agreed, session: session))
            }
        }
    }

    /// The machines of a session, in the order of its attempts.
    func indices(of name: String) -> [Int] { machines.indices.filter { machines[$0].name == name } }

    /// Shows one machine another, whose evidence holds.
    mutating func introduce(_ other: Int, to one: Int) throws {
        let peer = machines[other]
        guard
            let expected = try machines[one].session.expectPeer(boundTo: peer.agreed.manifest.bound, peer.keys)
        else { return }
        let affirmed = AffirmedPeer(expected, keys: peer.keys, reportDigest: FixedBytes(repeating: 1))
        note(try machines[one].session.affirm(affirmed), on: one)
    }

    /// Fills what participants bring.
    mutating func bring(to one: Int) throws {
        for slot in try machines[one].session.admission().open where slot.provider.session == nil {
            let digest =
                switch slot.promise {
                case .component(let digest), .data(let digest): digest
                case .anyData: Self.content
                }
            note(try machines[one].session.admit(slot, of: nil, digest: digest, byteCount: 1, at: 0), on: one)
        }
    }

    mutating func conclude(_ one: Int, released: Bool) throws {
        let manifest = machines[one].agreed.manifest
        let outputs = manifest.outputs.map {
            OutputCommitment(name: $0.name, salt: FixedBytes(repeating: 3), digest: Self.content)
        }
        note(
            try machines[one].session.conclude(released ? .completed(outputs) : .failed(.code), at: 0), on: one)
        machines[one].hasReleased = released
    }

    mutating func seal(_ one: Int) throws {
        note(try machines[one].session.sealed(SHA256Digest(sha256: [7]), at: 0), on: one)
    }

    /// Moves what one machine has sealed to some machine, to whichever machine the host likes.
    mutating func move(from one: Int, sealedTo receiver: SHA256Digest, to other: Int) throws {
        guard let isReleased = machines[one].handedOver[receiver] else { throw SessionError.notNeeded }
        // What was sealed to one machine opens on no other.
        guard receiver == machines[other].session.sessionID else { throw SessionError.otherSession }
        let sender = machines[one]
        let known = machines[other].session.course?.peers.first { $0.keys == sender.keys }
        guard let known, let flow = machines[other].agreed.flows(from: known.session.name).first else {
            throw SessionError.notAParticipant
        }
        let slot = try machines[other].session.expect(
            flow.data.description, of: nil, from: .session(known.session.name), session: receiver,
            length: PeerContent.headByteCount + 1)
        let part = PeerPart(session: sender.session.sessionID, isReleased: isReleased)
        note(
            try machines[other].session.admit(
                slot, of: nil, digest: Self.content, byteCount: isReleased ? 1 : 0, part: part, at: 0), on: other)
    }

    private mutating func note(_ actions: [Session.Action], on one: Int) {
        for action in actions {
            switch action {
            case .handOver(let peer):
                #expect(!machines[one].hasForgotten, "what is forgotten cannot be sealed any more")
                #expect(machines[one].handedOver[peer.sessionID] == nil, "each machine is sealed to once")
                machines[one].handedOver[peer.sessionID] = machines[one].hasReleased == true
            case .forgetParts: machines[one].hasForgotten = true
            case .execute: machines[one].executions += 1
            case .skip(_, .sender(let name)): machines[one].skips.append(name)
            default: break
            }
        }
    }
}

extension PeersScene {
    /// What a host can do next, in any order and as often as it likes.
    enum Deed {
        case introduce(Int, to: Int), bring(Int), conclude(Int, released: Bool), seal(Int)
        case move(from: Int, sealedTo: Int, to: Int)
    }

    /// - Returns: whether it was taken. Where it is refused, the host has no other power.
    mutating func perform(_ deed: Deed) throws -> Bool {
        do {
            switch deed {
            case .introduce(let other, let one): try introduce(other, to: one)
            case .bring(let one): try bring(to: one)
            case .conclude(let one, let released):
                // A run that was skipped ends as failed: the agent has no other word for it.
                try conclude(one, released: released && machines[one].skips.isEmpty)
            case .seal(let one): try seal(one)
            case .move(let one, let receiver, let other):
                try move(from: one, sealedTo: machines[receiver].session.sessionID, to: other)
            }
            return true
        } catch is SessionError {
            return false
        }
    }
}

extension PeersScene {
    /// What holds whatever the host has done.
    func hold() throws {
        for machine in machines {
            let course = try #require(machine.session.course)
            #expect(machine.executions + machine.skips.count <= 1)
            for peer in course.agreed.peers {
                #expect(course.peers.count { $0.session == peer } <= peer.attempts)
            }
            // Whoever finished has sealed to each machine of a receiver that was affirmed, and to nobody else.
            let receivers = course.peers.filter { !course.agreed.flows(to: $0.session.name).isEmpty }
            let isFinished = if case .finished = machine.session.stage { true } else { false }
            #expect(Set(machine.handedOver.keys) == (isFinished ? Set(receivers.map(\.sessionID)) : []))
            #expect(machine.handedOver.values.allSatisfy { $0 == machine.hasReleased })
            // Whatever fills a slot came from a machine that was affirmed, and a run needs all of it.
            let parts = Self.slots(of: machine.session.stage).compactMap(\.part)
            #expect(parts.allSatisfy { part in course.peers.contains { $0.sessionID == part.session } })
            guard machine.executions + machine.skips.count == 1 else { continue }
            #expect(parts.allSatisfy(\.isReleased) == (machine.executions == 1) || isFinished)
        }
    }

    static func slots(of stage: Session.Stage) -> [FilledSlot] {
        switch stage {
        case .admitting(let admission): admission.filled
        case .executing(let admitted): admitted.slots
        case .concluding(let conclusion): conclusion.admitted.slots
        default: []
        }
    }

    static func name(_ stage: Session.Stage) -> String {
        switch stage {
        case .admitting: "admitting"
        case .executing: "executing"
        case .concluding: "concluding"
        case .finished: "finished"
        default: "another"
        }
    }
}
