import Client
import Commitments
import Evidence
import Keys
import Primitives
import Testing

@Suite("An agent's address")
struct AgentAddressTests {
    @Test(
        "is a host and a port",
        arguments: [
            ("http://127.0.0.1:8080", "127.0.0.1", 8080), ("http://agent.example", "agent.example", 80),
            ("http://[::1]:9", "::1", 9), ("http://agent:1/", "agent", 1),
        ])
    func valid(text: String, host: String, port: Int) throws {
        let address = try AgentAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(
        "is refused where it says more, or less",
        arguments: [
            "", "agent:80", "ftp://agent", "http://", "http://agent:0", "http://agent:65536", "http://agent:+80",
            "http://agent:080", "http://agent:80/v1", "http://agent?x", "http://agent#x", "http://me@agent",
            "http://me:secret@agent", "http://agent:80:81", "http://[::1", "http://[agent]:80", "http://[]:80",
            "http://agent\r\nHost: other", "http://a b", "http://agent%00", "http://ägent",
            "http://" + String(repeating: "a", count: 400),
        ])
    func invalid(text: String) {
        #expect(throws: ClientError.self) { try AgentAddress(text) }
    }

    @Test("is refused with https, and the hint says why", arguments: ["https://agent", "HTTPS://agent:443"])
    func secureHTTP(text: String) {
        let error = #expect(throws: ClientError.self) { try AgentAddress(text) }
        #expect(error == .address(.secureHTTP))
        #expect(error?.hint?.contains("sealed") == true)
    }
}

@Suite("A session's words")
struct SessionWordsTests {
    @Test("are proquints of the id's first 96 bits")
    func vector() throws {
        // 0x7F00 0x0001 are "lusab babad" in the proposal (arXiv 0901.4016).
        let id = try #require(SHA256Digest(hex: "7f000001" + String(repeating: "0", count: 56)))
        #expect(SessionWords(id).description == "lusab-babad-babab-babab-babab-babab")
    }

    @Test("differ where any of those bits differs", arguments: 0..<96)
    func bits(index: Int) throws {
        let zeros = SHA256Digest(repeating: 0)
        var bytes = zeros.bytes
        bytes[index / 8] = 0x80 >> UInt8(index % 8)
        #expect(SessionWords(try #require(SHA256Digest(bytes))) != SessionWords(zeros))
    }
}

@Suite("The ledger")
struct LedgerTests {
    private let manifest = BoundDigest(SHA256Digest(repeating: 1)), other = BoundDigest(SHA256Digest(repeating: 9))
    private let first = SHA256Digest(repeating: 2), second = SHA256Digest(repeating: 3)

    private func ledger(_ session: SHA256Digest, of manifest: BoundDigest) throws -> Ledger {
        try Ledger(decoding: try entry(session, of: manifest).line)
    }

    private func entry(
        _ session: SHA256Digest, of manifest: BoundDigest, content: SHA256Digest = SHA256Digest(repeating: 4)
    ) throws -> Ledger.Entry {
        Ledger.Entry(
            time: try #require(Timestamp("2026-11-23T10:00:00Z")), bound: manifest, session: session,
            slot: try #require(Name("rows")), content: content)
    }

    @Test("keeps what it noted")
    func roundTrip() throws {
        let entry = try entry(first, of: manifest)
        #expect(try Ledger(decoding: entry.line + entry.line).entries == [entry, entry])
        #expect(try Ledger(decoding: []).entries.isEmpty)
    }

    @Test("permits a first session, the same one again, and any session of another manifest")
    func permitted() throws {
        try Ledger(decoding: []).permit(first, boundTo: manifest, insistingOn: nil)
        let ledger = try ledger(first, of: manifest)
        try ledger.permit(first, boundTo: manifest, insistingOn: nil)
        try ledger.permit(second, boundTo: other, insistingOn: nil)
    }

    @Test("refuses a second session of a manifest, unless it is named by its own words")
    func secondSession() throws {
        let ledger = try ledger(first, of: manifest)
        for words in [nil, "", "yes", SessionWords(first).description] {
            #expect(throws: LedgerError.self) { try ledger.permit(second, boundTo: manifest, insistingOn: words) }
        }
        try ledger.permit(second, boundTo: manifest, insistingOn: SessionWords(second).description)
    }

    @Test("knows where else the same content went, also under another slot and in another session")
    func uses() throws {
        let content = SHA256Digest(repeating: 5)
        let lines = try entry(first, of: manifest, content: content).line + entry(second, of: other).line
        let ledger = try Ledger(decoding: lines)
        #expect(ledger.latestUse(of: content, besides: other)?.session == first)
        #expect(ledger.latestUse(of: content, besides: manifest) == nil)
        #expect(ledger.latestUse(of: SHA256Digest(repeating: 6), besides: other) == nil)
    }

    @Test("is refused when a line was cut, changed or added to")
    func damaged() throws {
        let line = try entry(first, of: manifest).line
        let texts: [[UInt8]] = [
            Array(line.dropLast()), Array(line.dropFirst()), line + [0x0A], line + Array("{}\n".utf8),
            line + Array(line.prefix(40)), [0x0A], Array("\u{0}\n".utf8),
        ]
        for text in texts {
            #expect(throws: LedgerError.self) { try Ledger(decoding: text) }
        }
        #expect(throws: LedgerError.full) {
            try Ledger(decoding: [UInt8](repeating: 0x0A, count: Ledger.maximumByteCount + 1))
        }
    }
}

@Suite("The ledger of a plan's sessions")
struct PlannedLedgerTests {
    private let bound = BoundDigest(SHA256Digest(repeating: 1))
    private let machines = (2...4).map { SHA256Digest(repeating: $0) }

    private func entry(
        _ machine: Int, content: UInt8 = 5, salt: FixedBytes<32>? = FixedBytes(repeating: 6)
    ) throws -> Ledger.Entry {
        Ledger.Entry(
            time: try #require(Timestamp("2026-11-28T10:00:00Z")), bound: bound, session: machines[machine],
            slot: try #require(Name("rows")), content: SHA256Digest(repeating: content), salt: salt)
    }

    @Test("keeps the salt that each machine's data was committed with")
    func salt() throws {
        for entry in [try entry(0), try entry(0, salt: nil)] {
            #expect(try Ledger(decoding: entry.line).entries == [entry])
        }
        let text = String(decoding: try entry(0).line, as: UTF8.self)
        for changed in [text.replacing("0606", with: "06"), text.replacing("salt", with: "salz")] {
            #expect(throws: LedgerError.self) { try Ledger(decoding: Array(changed.utf8)) }
        }
    }

    @Test("permits as many machines as the plan has attempts, each of them again, and no more")
    func attempts() throws {
        let ledger = try Ledger(decoding: try entry(0).line + entry(1).line + entry(1).line)
        for machine in machines { try ledger.permit(machine, boundTo: bound, attempts: 3) }
        for machine in machines.prefix(2) { try ledger.permit(machine, boundTo: bound, attempts: 2) }
        #expect(throws: LedgerError.attemptsUsed(SessionWords(machines[2]), 2)) {
            try ledger.permit(machines[2], boundTo: bound, attempts: 2)
        }
        try ledger.permit(machines[2], boundTo: BoundDigest(SHA256Digest(repeating: 9)), attempts: 1)
    }

    @Test("pins what a slot was given first, whatever was noted after it")
    func pin() throws {
        let first = try entry(0), later = try entry(1, content: 7, salt: nil)
        let ledger = try Ledger(decoding: first.line + later.line)
        #expect(ledger.pin(of: first.slot, boundTo: bound) == first)
        #expect(ledger.pin(of: try #require(Name("others")), boundTo: bound) == nil)
        #expect(ledger.pin(of: first.slot, boundTo: BoundDigest(SHA256Digest(repeating: 9))) == nil)
    }
}
