public import Commitments
internal import Primitives

/// The slots still open for a run and those filled. Together, always every slot of the manifest.
public struct Admission: Equatable, Sendable {
    public internal(set) var course: Course
    public private(set) var open: [Slot]
    public private(set) var filled: [FilledSlot]

    /// Waits for all that the course's run needs and nobody has brought.
    init(_ course: Course) {
        self.course = course
        filled = course.lasting
        let names = Set(course.lasting.map(\.slot.name))
        open = Slot.all(of: course.manifest).filter { !names.contains($0.name) }
    }

    /// What the session is locked to.
    public var manifest: Manifest { course.manifest }

    /// Whether every component is there, so that composing and compiling can begin.
    public var hasAllComponents: Bool { !open.contains(where: \.isComponent) }

    /// The slot that a submission is for, if its sender may fill it and it is still open.
    ///
    /// - Parameter length: What the header announces; the content itself is still to come.
    func slot(_ name: String, from sender: End, length: Int) throws(SessionError) -> Slot {
        guard let slot = open.first(where: { $0.name.description == name }) else {
            throw refusal(of: name)
        }
        guard slot.provider == sender else { throw .notTheProvider(slot.name) }
        let maximum = sender.session == nil ? slot.maximumBytes : PeerContent.byteCount(ofOutput: slot.maximumBytes)
        guard length <= maximum else { throw .tooLarge(slot.name, maximum: maximum, found: length) }
        return slot
    }

    /// Takes what came.
    mutating func fill(
        _ slot: Slot, with digest: SHA256Digest, byteCount: Int, _ part: PeerPart?
    ) throws(SessionError) {
        guard let index = open.firstIndex(of: slot) else { throw refusal(of: slot.name.description) }
        guard byteCount <= slot.maximumBytes else {
            throw .tooLarge(slot.name, maximum: slot.maximumBytes, found: byteCount)
        }
        switch slot.promise {
        case .component(let expected), .data(let expected):
            guard digest == expected else { throw .digestDiffers(slot.name) }
        case .anyData: break
        }
        open.remove(at: index)
        filled.append(FilledSlot(slot: slot, digest: digest, part: part))
    }

    private func refusal(of name: String) -> SessionError {
        if let before = filled.first(where: { $0.slot.name.description == name }) {
            return .slotFilled(before.slot.name)
        }
        return .noSuchSlot(name)
    }
}

/// What was brought for a run. Only ``Session`` makes one.
public struct AdmittedSet: Equatable, Sendable {
    public internal(set) var course: Course
    /// In the manifest's order, whatever the order of arrival: all of them, but where the run ended before.
    public let slots: [FilledSlot]

    /// - Returns: `nil` as long as a slot is open.
    init?(_ admission: Admission) {
        guard admission.open.isEmpty else { return nil }
        self.init(closing: admission)
    }

    /// What had come when nothing more could come.
    init(closing admission: Admission) {
        course = admission.course
        let order = Slot.all(of: admission.manifest).map(\.name)
        slots = order.compactMap { name in admission.filled.first { $0.slot.name == name } }
    }

    public var manifest: Manifest { course.manifest }
    /// The first session that fills a slot and released nothing.
    public var failedSender: Name? {
        slots.first { $0.part?.isReleased == false }.flatMap(\.slot.provider.session)
    }
    /// What travels with the receipt.
    public var evidence: LockEvidence { course.evidence }
}
