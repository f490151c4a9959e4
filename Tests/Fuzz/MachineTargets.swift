import Evidence
import Primitives
import WorkerJob

extension Target {
    /// What a machine, its firmware, its network and its worker say.
    static let machine: [Target] = [
        Target("job", .json, seeds: { [job.json.canonicalBytes] }) { bytes in
            guard let job = decoded({ try Job(decoding: bytes) }) else { return }
            claim(decoded { try Job(decoding: job.json.canonicalBytes) } == job, "a job gives back")
        },
        Target("worker-dialogue", seeds: { dialogues }) { bytes in dialogue(bytes) },
        Target("memory-report", seeds: { [MemoryReport([.init(pageCount: 1, maximumPageCount: 16)]).bytes] }) { bytes in
            guard let report = MemoryReport(bytes) else { return }
            claim(report.bytes == bytes, "a report has one spelling")
            claim(report.memories.allSatisfy { $0.pageCount <= $0.maximumPageCount }, "memories keep their bounds")
        },
        Target("dhcp", seeds: { [offer] }) { bytes in
            guard
                let message = decoded({
                    try DHCPMessage(decoding: bytes, transaction: 0x0102_0304, hardwareAddress: [2, 0, 0, 0, 0, 1])
                })
            else { return }
            claim((message.lease == nil) == (message.kind == .refusal), "whoever offers has something to offer")
            guard let lease = message.lease else { return }
            let mask = lease.mask.rawValue
            claim(lease.address.isOrdinary && lease.address.rawValue & ~mask != 0, "the address is a machine's")
            claim(message.server.isOrdinary, "the server is a machine")
            guard let router = lease.router else { return }
            claim(router.rawValue & mask == lease.address.rawValue & mask, "the router is in the network")
            claim(router != lease.address, "the router is another machine")
        },
        Target("archive", seeds: { [Array("a/b\u{0}x\u{1}c\u{0}".utf8)] }) { bytes in archive(bytes) },
        Target("firmware", seeds: { [firmwareTail] }) { bytes in firmware(bytes) },
        Target("id-block", seeds: { identities }) { bytes in
            if let block = decoded({ try IDBlock(decoding: bytes) }) {
                claim(block.encoded.count == IDBlock.byteCount, "a block has one size")
                claim(decoded { try IDBlock(decoding: block.encoded) } == block, "a block gives back")
            }
            let room = bytes + [UInt8](repeating: 0, count: max(0, IDAuthentication.byteCount - bytes.count))
            guard let found = decoded({ try IDAuthentication(decoding: room) }) else { return }
            claim(decoded { try IDAuthentication(decoding: found.encoded) } == found, "an authentication gives back")
        },
    ]

    /// A block, and what signs it, with an author and without.
    private static let identities: [[UInt8]] = {
        guard let policy = GuestPolicy(rawValue: 0x30000) else {
            fatalError("does not hold: a policy without choices is one")
        }
        let block = IDBlock(launchDigest: FixedBytes(repeating: 1), policy: policy)
        let (key, author) = (IDPrivateKey(), IDPrivateKey())
        let signed = [nil, author].map { author in
            made("a block is signed") { try IDAuthentication(signing: block, with: key, authorKey: author).encoded }
        }
        return [block.encoded] + signed
    }()

    private static let job = Job(
        composedDigest: SHA256Digest(sha256: [1]),
        preopens: [Preopen(folder: "in/model/data", name: "model:/data", access: .read)],
        pipes: [LogPipe(path: "log/model/pipes/stderr", file: "log/model/stderr", maximumBytes: 9)], entry: "entry",
        storeLimits: StoreLimits(memoryBytes: 9, tableElements: 8, instances: 7, tables: 6, memories: 5),
        hostWorld: ["wasi:cli/exit@0.2.0"], diagnostics: true, plainModules: [4..<9], runtimeModule: "m",
        keptCode: nil)

    /// 0xF0 is the parent's word to go on; a worker's own byte of this value comes as 0xF1.
    private static let dialogues: [[UInt8]] = [
        [1, 0x01, 0x02, 0xF0, 0x80], [0, 0x45, 1, 0x47, 2, 0x01, 0x02, 0xF0, 0x81], [1, 0x01, 0x83],
        [1, 0x01, 0x02, 0xF0, 0x03, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0x82], [0, 0x86], [0, 0x01, 0x02, 0xF0, 0x03, 0, 0],
    ]

    /// A worker is walled before it compiles, compiles before it runs, and ends once.
    private static func dialogue(_ bytes: [UInt8]) {
        var dialogue = WorkerDialogue(takesMemories: bytes.first == 1)
        var (isWalled, isCompiled, wentOn, isOver) = (false, false, false, false)
        for byte in bytes.dropFirst() {
            if byte == 0xF0 {
                wentOn = wentOn || dialogue.stage == .compiled
                dialogue.wentOn()
                continue
            }
            let reply = dialogue.read(byte == 0xF1 ? 0xF0 : byte)
            claim(!isOver || reply == .misbehaved || reply == nil, "nothing follows the end")
            switch reply {
            case .walled?:
                claim(!isWalled, "walls go up once")
                isWalled = true
            case .compiled?:
                claim(isWalled && !isCompiled, "walls come before hostile bytes")
                isCompiled = true
            case .verdict(let verdict)?:
                let needsRun: Set<Verdict> = [.completed, .declined, .trapped, .notInstantiated]
                claim(!needsRun.contains(verdict) || (isCompiled && wentOn), "what has not run has no result")
                isOver = true
            case .misbehaved?: isOver = true
            case nil: break
            }
            let walls = dialogue.missing.map(\.wall)
            claim(Set(walls).count == walls.count, "a wall is missed once")
            claim(dialogue.memories == nil || (bytes.first == 1 && wentOn), "memories are told in rehearsals")
        }
    }

    private static let offer: [UInt8] = {
        var bytes: [UInt8] = [2, 1, 6, 0, 1, 2, 3, 4] + [UInt8](repeating: 0, count: 8) + [10, 0, 2, 15]
        bytes += [UInt8](repeating: 0, count: 8) + [2, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 202)
        bytes += [99, 130, 83, 99, 53, 1, 2, 54, 4, 10, 0, 2, 2, 1, 4, 255, 255, 255, 0, 3, 4, 10, 0, 2, 2, 255]
        return bytes
    }()

    /// An archive is read back by another reader: what went in comes out, in order, and nothing else.
    private static func archive(_ bytes: [UInt8]) {
        var input = InputReader(bytes)
        var entries: [Archive.Entry] = []
        while !input.isAtEnd, entries.count < 40 {
            let path = String(decoding: input.text(), as: UTF8.self)
            let content: Archive.Entry.Content
            switch input.byte() % 4 {
            case 0: content = .folder
            case 1: content = .link(to: String(decoding: input.text(), as: UTF8.self))
            case 2: content = .characterDevice(major: UInt32(input.byte()), minor: UInt32(input.byte()))
            default: content = .file(input.bytes(Int(input.byte())))
            }
            entries.append(Archive.Entry(path, content, mode: UInt32(input.number(below: 0o10000))))
        }
        guard let archive = decoded({ try Archive(entries) }) else { return }
        let written = archive.bytes
        claim(written.count == archive.byteCount && written.count.isMultiple(of: 512), "an archive has its size")
        let names = cpioNames(written)
        claim(names == archive.entries.map(\.path) + ["TRAILER!!!"], "an archive lists what is in it")
        claim(Set(entries.map(\.path)).isSubset(of: Set(names)), "nothing is left out")
    }

    /// The names in a newc archive, by the kernel's own description of the form.
    private static func cpioNames(_ bytes: [UInt8]) -> [String] {
        var (offset, names) = (0, [String]())
        func field(_ index: Int) -> Int {
            let start = offset + 6 + 8 * index
            return Int(String(decoding: bytes[start..<start + 8], as: UTF8.self), radix: 16) ?? -1
        }
        while offset + 110 <= bytes.count, bytes[offset..<offset + 6].elementsEqual("070701".utf8) {
            let (size, nameSize) = (field(6), field(11))
            claim(size >= 0 && nameSize > 1 && offset + 110 + nameSize <= bytes.count, "a record lies in the archive")
            names.append(String(decoding: bytes[offset + 110..<offset + 109 + nameSize], as: UTF8.self))
            if names.last == "TRAILER!!!" { break }
            offset = (offset + 110 + nameSize + 3) / 4 * 4
            offset = (offset + size + 3) / 4 * 4
        }
        return names
    }

    /// The end of a firmware file: the entries of a footer table before 32 bytes of the reset vector.
    private static let firmwareTail: [UInt8] = {
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
        let guids: [[UInt8]] = [
            [0x66, 0x65, 0x88, 0xdc, 0x4a, 0x98, 0x98, 0x47, 0xa7, 0x5e, 0x55, 0x85, 0xa7, 0xbf, 0x67, 0xcc],
            [0x1f, 0x37, 0x55, 0x72, 0x3b, 0x3a, 0x04, 0x4b, 0x92, 0x7b, 0x1d, 0xa6, 0xef, 0xa8, 0xd4, 0x54],
            [0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7, 0x45, 0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d],
            [0xde, 0x71, 0xf7, 0x00, 0x7e, 0x1a, 0xcb, 0x4f, 0x89, 0x0e, 0x68, 0xc7, 0x7e, 0x2f, 0xb4, 0x4e],
        ]
        let metadata =
            Array("ASEV".utf8) + little(16 + 24, 4) + little(1, 4) + little(2, 4)
            + little(0x80_0000, 4) + little(0x1000, 4) + little(1, 4)
            + little(0x80_1000, 4) + little(0x1000, 4) + little(2, 4)
        let hashes = little(0x80_2000, 4) + little(0x400, 4) + little(26, 2) + guids[1]
        let reset = little(0x8000_0004, 4) + little(22, 2) + guids[3]
        let behind = 22 + hashes.count + reset.count + 18 + 32
        let pointer = little(metadata.count + behind, 4) + little(22, 2) + guids[0]
        let table = pointer + hashes + reset
        return metadata + table + little(table.count + 18, 2) + guids[2] + [UInt8](repeating: 0, count: 32)
    }()

    private static func firmware(_ bytes: [UInt8]) {
        guard let firmware = decoded({ try Firmware(decoding: firmwarePage(bytes)) }) else { return }
        let sections = firmware.layout.sections
        claim(sections.count <= 64, "sections are few")
        var (end, total) = (UInt64(0), UInt64(0))
        for section in sections.sorted(by: { $0.address < $1.address }) {
            claim(UInt64(section.address) >= end && section.byteCount > 0, "no page is filled twice")
            end = UInt64(section.address) + UInt64(section.byteCount)
            total += UInt64(section.byteCount)
        }
        claim(total <= 16_384 * 4096 && end <= 1 << 32, "sections are bounded")
    }
}
